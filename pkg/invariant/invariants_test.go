package invariant

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// document shows the table of invariants.
const document = "../../docs/invariants.md"

func TestTheDocumentShowsTheInvariants(t *testing.T) {
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	if want := table(); !strings.Contains(string(text), want) {
		t.Errorf("%s does not show the invariants as they are; it should have:\n%s", document, want)
	}
}

func TestEveryInvariantIsChecked(t *testing.T) {
	for _, one := range Invariants() {
		if here := len(one.log)+len(one.conversation) > 0; here == (one.Elsewhere != "") {
			t.Errorf("%s is checked here: %t, and elsewhere: %q", one.Name, here, one.Elsewhere)
		}
	}
}

func table() string {
	rows := []string{"| | what holds | checked in | what may excuse it |", "|---|---|---|---|"}
	for _, one := range Invariants() {
		rows = append(rows, fmt.Sprintf("| **%s** | %s | %s | %s |", one.Name, one.Holds, one.checkedIn(), one.Excused))
	}
	return strings.Join(rows, "\n") + "\n"
}

// checkedIn links to the files of the rules.
func (i Invariant) checkedIn() string {
	if i.Elsewhere != "" {
		return i.Elsewhere
	}
	var files []string
	for _, start := range i.log {
		files = append(files, linkTo(reflect.ValueOf(start)))
	}
	for _, start := range i.conversation {
		files = append(files, linkTo(reflect.ValueOf(start)))
	}
	return strings.Join(slices.Compact(files), ", ")
}

func linkTo(start reflect.Value) string {
	path, _ := runtime.FuncForPC(start.Pointer()).FileLine(start.Pointer())
	dir, file := filepath.Split(path)
	return fmt.Sprintf("[`%s`](../pkg/invariant/internal/%s/%s)", file, filepath.Base(dir), file)
}
