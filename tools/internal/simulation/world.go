package simulation

import (
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/invariant"
	"github.com/stafett/stafett/tools/internal/simulation/order"
	"github.com/stafett/stafett/tools/internal/simulation/soundness"
)

const (
	replicas = 2
	subject  = "stafett.conversation." + order.ID
)

// Violation is something that must not happen, and did.
type Violation struct {
	// Rule is an invariant, such as I1, or a short name of what the simulator looks at.
	Rule string
	// Move is how many moves had been made, counted from 1.
	Move    int
	Message string
}

// String is the violation in one line.
func (v Violation) String() string {
	return fmt.Sprintf("%s after move %d: %s", v.Rule, v.Move, v.Message)
}

// world is where a schedule is played.
type world struct {
	directory order.Directory
	rules     handover.Rules
	now       time.Time
	log       log
	replicas  [replicas]*replica
	// newest is the replica that knows the whole log.
	newest  *replica
	checker *invariant.Checker
	// answers are what each request that was carried out was told.
	answers map[uint32]answered
	moves   int
	looked  int // how many appends have been looked at
	seen    *Coverage
	found   []Violation
	// tell is told of what happens, where somebody wants to read it.
	tell func(format string, args ...any)
}

// answered is a request that was carried out.
type answered struct {
	order  order.Order
	answer answer
}

func newWorld(number uint64, seen *Coverage) *world {
	w := &world{
		directory: directory(number), rules: handover.DefaultRules(), now: order.Epoch,
		checker: checker(number), answers: map[uint32]answered{}, seen: seen,
	}
	if number%4 == 0 {
		w.rules.Hops = 1 // so that supervisors are asked in short schedules too
	}
	for i := range w.replicas {
		w.replicas[i] = &replica{state: &handover.State{}}
	}
	w.newest = w.replicas[0]
	return w
}

// checker looks for every invariant in every eighth world, and leaves out of the
// others what costs most and depends least on the order of things: that no append
// holds content, and the chain of hashes, which folding checks as well.
func checker(number uint64) *invariant.Checker {
	if number%8 == 0 {
		return invariant.New()
	}
	return invariant.New(invariant.Without("I7", "I9"))
}

// move makes one move and looks at what came of it.
func (w *world) move(m Move) {
	w.moves++
	r := w.replicas[m.Replica]
	switch m.Kind {
	case "say", "lost":
		w.say(r, m)
	case "tick":
		w.tick(r)
	case "sync":
		w.catchUp(r)
	case "crash":
		w.crash(r)
	case "clock":
		w.now = w.now.Add(m.By)
	case "skew":
		r.skew = m.By
	}
	w.look(r)
}

// crash makes a replica rebuild from the log.
func (w *world) crash(r *replica) {
	state, err := w.log.rebuild()
	if err != nil {
		w.violated("I12", "%v", err)
		return
	}
	r.state = state
}

// look asserts what must hold of the newest state, once for each append.
func (w *world) look(r *replica) {
	if len(w.log.entries) == w.looked {
		return
	}
	w.looked, w.newest = len(w.log.entries), r
	if r.state.HeadPosition != w.log.head() {
		w.violated("I12", "the replica that appended does not know the newest append")
		return
	}
	for _, breach := range soundness.Of(r.state.Conversation) {
		w.violated(breach.Rule, "%s", breach.Message)
	}
	w.seen.states(r.state.Conversation)
	w.progress(r)
}

// progress: at the instant that something is due, the platform does it.
func (w *world) progress(r *replica) {
	due, waiting := handover.Due(r.state.Conversation)
	if !waiting || w.moves%sample != 0 {
		return
	}
	decision, err := handover.Decide(r.state, w.advance(), due, w.rules)
	if err != nil || len(decision.Events) == 0 {
		w.violated("progress", "at %s, when something is due, the platform does nothing (error %v)", due, err)
	}
}

// sample is of how many moves one is looked at for progress. The drain of each
// schedule and package exploration look at all.
const sample = 4

// same expects of every replica that knows the whole log that it has, byte for byte,
// the state that the stored bytes make.
func (w *world) same() {
	rebuilt, err := w.log.rebuild()
	if err != nil {
		w.violated("I12", "%v", err)
		return
	}
	want := bytesOf(rebuilt)
	for i, r := range w.replicas {
		w.catchUp(r)
		if string(bytesOf(r.state)) != string(want) {
			w.violated("I12", "replica %d has another state than the log makes", i)
		}
	}
}

func bytesOf(s *handover.State) []byte {
	stored, err := proto.MarshalOptions{Deterministic: true}.Marshal(s)
	if err != nil {
		panic(err) // a message without required fields always marshals
	}
	return stored
}

func (w *world) violated(rule, format string, args ...any) {
	v := Violation{Rule: rule, Move: w.moves, Message: fmt.Sprintf(format, args...)}
	w.found = append(w.found, v)
	if w.tell != nil {
		w.tell("VIOLATION %s", v)
	}
}
