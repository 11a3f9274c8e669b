package simulation

import (
	"fmt"
	"io"
	"math/rand/v2"

	"github.com/stafett/stafett/pkg/handover"
)

// Result is what a schedule came to.
type Result struct {
	Seed uint64
	// Moves is how many were made, Commits how many of them the log took.
	Moves, Commits int
	// End is the state of the newest handover before everybody fell silent.
	End string
	// Violations are empty where all is well.
	Violations []Violation
	// Trace plays the same again. It is kept where something is wrong or where it
	// was asked for.
	Trace Trace
}

// Run draws and plays the schedule of a seed, and counts in seen what it came to.
func Run(seed uint64, seen *Coverage) Result { return run(seed, seen, nil) }

// Tell is Run that writes down, for people, what happens.
func Tell(seed uint64, out io.Writer) Result {
	return run(seed, &Coverage{}, func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) })
}

func run(seed uint64, seen *Coverage, tell func(string, ...any)) Result {
	w := newWorld(seed, seen)
	w.tell = tell
	w.says("world %d", seed)
	d := &drawer{world: w, random: rand.New(rand.NewPCG(seed, 2))}
	d.prompt = !d.one(5)
	moves := 20 + d.random.IntN(14)
	if d.one(14) {
		moves += 50
	}
	d.play(moves)
	r := w.end(int(seed))
	r.Seed = seed
	if len(r.Violations) > 0 || tell != nil {
		r.Trace = Trace{World: seed, Moves: d.trace}
	}
	return r
}

// Play plays a trace.
func Play(t Trace, tell func(string, ...any)) Result {
	w := newWorld(t.World, &Coverage{})
	w.tell = tell
	w.says("world %d", t.World)
	for _, m := range t.Moves {
		w.told(m)
		w.move(m)
	}
	r := w.end(int(t.World))
	r.Seed, r.Trace = t.World, t
	return r
}

// end compares, drains and compares again.
func (w *world) end(which int) Result {
	r := Result{Moves: w.moves, End: w.standing()}
	if len(w.found) == 0 && len(w.log.entries) > 0 {
		w.says("# everybody falls silent")
		w.drain()
		w.views(which)
		w.same()
		w.judged(w.checker.Report().Violations)
	}
	r.Commits, r.Violations = len(w.log.entries), w.found
	return r
}

// standing is how the newest handover stands.
func (w *world) standing() string {
	c := w.newest.state.GetConversation()
	h := handover.Current(c)
	switch {
	case h == nil:
		return "NONE"
	case c.CloseTime != nil:
		return short(h.State.Descriptor(), h.State.Descriptor().Values().ByNumber(h.State.Number())) + " and conversation closed"
	}
	return short(h.State.Descriptor(), h.State.Descriptor().Values().ByNumber(h.State.Number()))
}

// says writes a line for whoever reads along.
func (w *world) says(format string, args ...any) {
	if w.tell != nil {
		w.tell(format, args...)
	}
}

func (w *world) told(m Move) {
	if w.tell != nil {
		w.tell("%s", m)
	}
}
