package simulation

import (
	"fmt"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/invariant"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

const (
	replicas = 2
	subject  = "stafett.conversation." + order.Conversation
)

// Violation is something that happened and must not.
type Violation struct {
	// Rule is an invariant, such as I1, or a short name of another check of the simulator.
	Rule string
	// Move is the number of moves made so far, counted from 1.
	Move    int
	Message string
}

// String formats the violation as one line.
func (v Violation) String() string {
	return fmt.Sprintf("%s after move %d: %s", v.Rule, v.Move, v.Message)
}

// world is the setting in which a schedule is played.
type world struct {
	lastRequests uint32 // given after everybody fell silent
	directory    handover.Directory
	rules        handover.Rules
	now          time.Time
	log          log
	replicas     [replicas]*replica
	// newest is the replica that knows the entire log.
	newest  *replica
	checker *invariant.Checker
	// answers holds the answer to each request that was carried out.
	answers map[uint32]answered
	moves   int
	looked  int // commits checked so far
	// shut are the lines that can take nobody, for now.
	shut map[string]bool
	// full are those that pass the ranking, but have no seat when their turn comes.
	full map[string]bool
	// rivals are the lines whose seat a child of another conversation has, who is in imminent danger.
	rivals map[string]bool
	seen   *Coverage
	found  []Violation
	// tell receives an account of what happens; nil if nobody reads it.
	tell func(format string, args ...any)
}

// answered is a request that was carried out.
type answered struct {
	order  order.Order
	answer answer
}

func newWorld(number uint64, seen *Coverage) *world {
	w := &world{
		rules: handover.DefaultRules(), now: order.Epoch,
		checker: checker(number), answers: map[uint32]answered{}, seen: seen, shut: map[string]bool{}, full: map[string]bool{}, rivals: map[string]bool{},
	}
	w.directory = w.lines(number)
	if number%4 == 0 {
		w.rules.Hops = 1 // so that short schedules ask supervisors too
	}
	for i := range w.replicas {
		w.replicas[i] = newReplica()
	}
	w.newest = w.replicas[0]
	return w
}

// checker returns a checker of all invariants in every eighth world. In the others it
// skips the checks that are the most expensive and depend least on the order of events:
// that no commit holds content, and the hash chain, which projecting checks as well.
func checker(number uint64) *invariant.Checker {
	if number%8 == 0 {
		return invariant.New()
	}
	return invariant.New(invariant.Without("I7", "I9"))
}

// move makes one move and checks the result.
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
	case "rival":
		w.rival(r, m.Line)
	case "shut":
		w.shut[m.Line] = !w.shut[m.Line]
		w.tick(r)
		w.withdrawn(r)
	}
	w.look(r)
}

// crash makes a replica rebuild from the log.
func (w *world) crash(r *replica) {
	rebuilt, err := w.log.rebuild()
	if err != nil {
		w.violated("I12", "%v", err)
		return
	}
	r.state, r.receipts, r.newest = rebuilt.state, rebuilt.receipts, rebuilt.newest
}

func (w *world) violated(rule, format string, args ...any) {
	v := Violation{Rule: rule, Move: w.moves, Message: fmt.Sprintf(format, args...)}
	w.found = append(w.found, v)
	if w.tell != nil {
		w.tell("  VIOLATION %s", v)
	}
}
