package main

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"github.com/stafett/stafett/tools/internal/simulation"
)

type tally struct {
	began, told    time.Time
	schedules      int
	moves, appends int
	ends           map[string]int
	wrong          int
	shown          []simulation.Result // the first failures
	until          string              // the invariant whose violation ends the campaign
	found          atomic.Bool
}

// enough violations to show.
const enough = 5

// campaign plays many schedules, and reports whether all were sound.
func (w wish) campaign() bool {
	t := &tally{began: time.Now(), told: time.Now(), until: w.until, ends: map[string]int{}}
	c := simulation.Campaign{From: w.from, Schedules: w.schedules, Each: t.add, Stop: func() bool { return w.enough(t) }}
	if w.duration > 0 {
		c.Schedules = math.MaxUint64
	}
	seen := c.Run()
	t.tell()
	for _, count := range seen.Counts() {
		fmt.Printf("%9d  %s\n", count.N, count.What)
	}
	t.finish()
	return t.wrong == 0
}

// enough reports whether the campaign has run for as long as it may, or has found what it was to find.
func (w wish) enough(t *tally) bool {
	return w.duration > 0 && time.Since(t.began) > w.duration || t.found.Load()
}

func (t *tally) add(r simulation.Result) {
	t.schedules, t.moves, t.appends = t.schedules+1, t.moves+r.Moves, t.appends+r.Commits
	t.ends[r.End]++
	if len(r.Violations) > 0 {
		t.broken(r)
	}
	if time.Since(t.told) > 5*time.Second {
		t.told = time.Now()
		t.tell()
	}
}

// broken keeps the first failing schedules, and names all of them.
func (t *tally) broken(r simulation.Result) {
	t.wrong++
	if len(t.shown) < enough {
		t.shown = append(t.shown, r)
	}
	for _, violation := range r.Violations {
		fmt.Fprintf(os.Stderr, "seed %d: %s\n", r.Seed, violation)
		if violation.Rule == t.until {
			t.found.Store(true)
		}
	}
}

// tell prints the progress: the rate, the depth of the schedules, and their end states.
func (t *tally) tell() {
	n := float64(max(t.schedules, 1))
	fmt.Fprintf(os.Stderr, "%d schedules, %.0f/s, %.1f moves and %.1f commits each, %d wrong\n",
		t.schedules, n/time.Since(t.began).Seconds(), float64(t.moves)/n, float64(t.appends)/n, t.wrong)
}

// finish prints the end states of the schedules, and the failures.
func (t *tally) finish() {
	ends := slices.SortedFunc(maps.Keys(t.ends), func(a, b string) int { return cmp.Or(t.ends[b]-t.ends[a], cmp.Compare(a, b)) })
	for _, end := range ends {
		fmt.Printf("%9d  ended in %s\n", t.ends[end], end)
	}
	for _, r := range t.shown {
		fmt.Println()
		shown(r)
		fmt.Printf("\nReplay: go run ./tools/simulate -seed %d -v\n", r.Seed)
	}
}
