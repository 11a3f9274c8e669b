package simulation

import (
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stafett/stafett/tools/internal/simulation/order"
)

func TestASeedAlwaysDrawsTheSame(t *testing.T) {
	for seed := uint64(1); seed < 200; seed++ {
		first, second := tell(seed), tell(seed)
		if first != second {
			t.Fatalf("seed %d:\n%s\nand then\n%s", seed, first, second)
		}
	}
}

// tell is everything that happens in the schedule of a seed.
func tell(seed uint64) string {
	var b strings.Builder
	Tell(seed, &b)
	return b.String()
}

func TestATracePlaysWhatTheSeedDrew(t *testing.T) {
	for seed := uint64(1); seed < 200; seed++ {
		drawn := run(seed, &Coverage{}, func(string, ...any) {})
		trace, err := ParseTrace(drawn.Trace.String())
		if err != nil {
			t.Fatal(err)
		}
		played := Play(trace, nil)
		if played.Trace.String() != drawn.Trace.String() {
			t.Fatalf("seed %d: drawn\n%s\nplayed\n%s", seed, drawn.Trace, played.Trace)
		}
		played.Trace, drawn.Trace = Trace{}, Trace{}
		if !reflect.DeepEqual(played, drawn) {
			t.Fatalf("seed %d: drawn %+v, played %+v", seed, drawn, played)
		}
	}
}

func TestNamedSeeds(t *testing.T) {
	text, err := os.ReadFile("testdata/seeds.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		seed, err := strconv.ParseUint(words[1], 10, 64)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		for _, v := range Run(seed, &Coverage{}).Violations {
			t.Errorf("%s: %s\nreplay: go run ./tools/simulate -seed %d -v", words[0], v, seed)
		}
	}
}

// Traces of bugs that were found play without any; those that are broken on purpose
// do not.
func TestNotedTraces(t *testing.T) {
	files, err := filepath.Glob("testdata/*.trace")
	if err != nil || len(files) == 0 {
		t.Fatalf("no traces (error %v)", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		trace, err := ParseTrace(string(text))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		broken := strings.HasPrefix(string(text), "# Broken on purpose")
		if r := Play(trace, nil); (len(r.Violations) > 0) != broken {
			t.Errorf("%s: violations %v\nreplay: go run ./tools/simulate -trace %s -v", file, r.Violations, file)
		}
	}
}

func TestShrinkLeavesOutWhatShowsNothing(t *testing.T) {
	text, err := os.ReadFile("testdata/role-that-nobody-has.trace")
	if err != nil {
		t.Fatal(err)
	}
	trace, err := ParseTrace(string(text))
	if err != nil {
		t.Fatal(err)
	}
	shrunk := Shrink(trace)
	if firstRule(Play(shrunk, nil)) != "I3" || len(shrunk.Moves) != 3 {
		t.Errorf("shrunk to\n%s", shrunk)
	}
}

func TestMovesThatAreNone(t *testing.T) {
	for _, text := range []string{"", "say", "tick 2", "say 0 x AcceptOffer", "say 0 1 Nonsense", "clock soon", "skew 0", "jump 1", "say 0 1 AcceptOffer x=1"} {
		if m, err := ParseMove(text); err == nil {
			t.Errorf("%q is read as %s", text, m)
		}
	}
	if _, err := order.Parse(""); err == nil {
		t.Error("an empty order is read")
	}
}
