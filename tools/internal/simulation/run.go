package simulation

import (
	"fmt"
	"io"
	"math/rand/v2"

	"github.com/stafett/stafett/pkg/handover"
)

// Result is the outcome of a schedule.
type Result struct {
	Seed uint64
	// Moves is the number of moves made, Commits the number that the log stored.
	Moves, Commits int
	// End is the state of the newest handover before everybody fell silent.
	End string
	// Violations is empty if every invariant held.
	Violations []Violation
	// Trace replays the schedule. It is kept if there are violations or if it was requested.
	Trace Trace
}

// Run draws and plays the schedule of a seed, and adds its counts to seen.
func Run(seed uint64, seen *Coverage) Result { return run(seed, seen, nil) }

// Tell is like Run, and also writes a readable account of what happens.
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

// Play replays a trace.
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

// end compares the replicas, drains the world and compares them again.
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

// standing describes the state of the newest handover.
func (w *world) standing() string {
	c := w.newest.state.GetConversation()
	h := handover.Of(c).Current().Handover
	switch {
	case h == nil:
		return "NONE"
	case c.CloseTime != nil:
		return short(h.State.Descriptor(), h.State.Descriptor().Values().ByNumber(h.State.Number())) + " and conversation closed"
	}
	return short(h.State.Descriptor(), h.State.Descriptor().Values().ByNumber(h.State.Number()))
}

// says writes a line to the account, if there is one.
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
