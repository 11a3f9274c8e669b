package house

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
)

// TestTheBoundsOfALinesOwnTimesAreDocumented: an operator reads them in
// docs/life-of-a-handover.md.
func TestTheBoundsOfALinesOwnTimesAreDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "life-of-a-handover.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, bound := range handover.Bounds() {
		row, found := rowOf(string(text), bound.Field)
		want := fmt.Sprintf("| %s | %s |", written(bound.Min), written(bound.Max))
		if !found || !strings.HasSuffix(row, want) {
			t.Errorf("the row of %s reads %q, want it to end with %q", bound.Field, row, want)
		}
	}
}

// rowOf is the table row that has a field in its second column.
func rowOf(text, field string) (string, bool) {
	for line := range strings.Lines(text) {
		columns := strings.Split(line, "|")
		if len(columns) > 2 && strings.Contains(columns[2], "`"+field+"`") {
			return strings.TrimSpace(line), true
		}
	}
	return "", false
}

// written is a time as the document writes it.
func written(d time.Duration) string {
	switch {
	case d%time.Hour == 0:
		return fmt.Sprintf("%d h", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return fmt.Sprintf("%d s", d/time.Second)
}
