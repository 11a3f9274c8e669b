package main

import (
	"fmt"
	"io"
	"os"

	"github.com/stafett/stafett/tools/internal/simulation"
)

func (w wish) one() (bool, error) {
	r := simulation.Tell(w.seed, w.out())
	return shown(r), nil
}

// noted plays a recorded schedule.
func (w wish) noted() (bool, error) {
	text, err := os.ReadFile(w.trace)
	if err != nil {
		return false, err
	}
	trace, err := simulation.ParseTrace(string(text))
	if err != nil {
		return false, fmt.Errorf("%s: %w", w.trace, err)
	}
	out := w.out()
	r := simulation.Play(trace, func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) })
	return shown(r), nil
}

func (w wish) out() io.Writer {
	if w.verbose {
		return os.Stdout
	}
	return io.Discard
}

// shown prints the result of a schedule. For a failure it shows the shortest schedule that
// still reproduces it.
func shown(r simulation.Result) bool {
	fmt.Printf("# seed %d: %d moves, %d commits, ended in %s\n", r.Seed, r.Moves, r.Commits, r.End)
	for _, v := range r.Violations {
		fmt.Println("#", v)
	}
	if len(r.Violations) == 0 {
		return true
	}
	fmt.Printf("\n# The shortest schedule that shows it; save it and play it with -trace FILE -v:\n\n%s", simulation.Shrink(r.Trace))
	return false
}
