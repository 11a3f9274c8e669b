package main

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/tools/chaos/internal/faults"
	"github.com/stafett/stafett/tools/chaos/internal/load"
	"github.com/stafett/stafett/tools/internal/programs"
)

// TestFaultsOnce tries each of some faults at one random time; the rest takes the command.
func TestFaultsOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("starts many processes")
	}
	folder := t.TempDir()
	built, err := programs.Build(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	w := wish{seed: rand.Uint64()}
	for _, fault := range faults.All {
		if !slices.Contains([]string{"kill", "stop", "cut", "flip", "unlink"}, fault.Name) {
			continue
		}
		t.Run(fault.Name, func(t *testing.T) {
			t.Parallel()
			t.Logf("again: go run ./tools/chaos -n 1 -seed %d -faults %s", w.seed, fault.Name)
			trial := &faults.Trial{Programs: built, Folder: filepath.Join(folder, fault.Name), Random: w.random(fault, 0)}
			err := try(t.Context(), fault, trial)
			for _, wrong := range wrongIn(fault, trial.Result, err) {
				t.Error(wrong)
			}
		})
	}
}

// TestWhatIsWrong: a loss counts as told only from the position that was named.
func TestWhatIsWrong(t *testing.T) {
	noticing := faults.All[2]
	for name, c := range map[string]struct {
		result faults.Result
		err    error
		wrong  int
	}{
		"nothing":            {faults.Result{Noticed: true}, nil, 0},
		"lost, and told":     {lost(7, 7), nil, 0},
		"lost before that":   {lost(6, 7), nil, 1},
		"lost, and not told": {lost(6, 0), nil, 1},
		"not noticed":        {faults.Result{}, nil, 1},
		"different":          {faults.Result{Noticed: true, Found: load.Found{Different: []string{"a", "b"}}}, nil, 2},
		"failed":             {faults.Result{}, fmt.Errorf("it hangs"), 1},
	} {
		if wrong := wrongIn(noticing, c.result, c.err); len(wrong) != c.wrong {
			t.Errorf("%s: %q is wrong, want %d", name, wrong, c.wrong)
		}
	}
}

func lost(position, from uint64) faults.Result {
	return faults.Result{Found: load.Found{Missing: []uint64{position}}, Noticed: true, From: from}
}

func TestTheTableSaysWhatWasTried(t *testing.T) {
	r := &row{fault: faults.All[2]}
	r.add(0, faults.Result{Found: load.Found{Acknowledged: 9, Missing: []uint64{3, 8}}, Noticed: true, From: 5, Served: time.Second}, nil)
	var out strings.Builder
	if err := write(&out, []*row{r}); err != nil {
		t.Fatal(err)
	}
	fields := strings.Join(strings.Fields(strings.Split(out.String(), "\n")[1]), " ")
	if want := "cut 1 9 1 1 0 1 of 1 1.00 s, at most 1.00 s restore a complete copy of the log"; fields != want {
		t.Errorf("the row says %q, want %q", fields, want)
	}
	if sound([]*row{r}) || !strings.Contains(out.String(), "positions [3]") {
		t.Errorf("the loss is not told:\n%s", &out)
	}
}
