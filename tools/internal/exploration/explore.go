package exploration

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/tools/internal/simulation/order"
	"github.com/stafett/stafett/tools/internal/simulation/soundness"
)

// Bounds are how much of the world is explored.
type Bounds struct {
	// Handovers is how many a conversation may have.
	Handovers int
	// States is how many may be found; 0 for all that there are.
	States int
}

// key is what a state is recognised by.
type key [16]byte

func keyOf(s *handover.State) (key, error) {
	stored, err := proto.MarshalOptions{Deterministic: true}.Marshal(s)
	sum := sha256.Sum256(stored)
	return key(sum[:16]), err
}

// place is a state with the way to it.
type place struct {
	key   key
	state *handover.State
	// from is where it was found from, and by what.
	from int32
	by   order.Order
	// took are the steps on the way from there.
	took []step
	// timer: it is where the earliest due instant leads.
	timer bool
}

// look is what was found in one state.
type look struct {
	next     []place
	breaches []soundness.Breach
	// rests: nothing is awaited.
	rests bool
	err   error
}

// Explore visits every state within bounds.
func Explore(b Bounds) (*Graph, error) {
	first, err := begin()
	if err != nil {
		return nil, err
	}
	g := newGraph()
	start := place{state: first, from: -1}
	if start.key, err = keyOf(first); err != nil {
		return nil, err
	}
	g.found(start)
	for len(g.frontier) > 0 && (b.States == 0 || len(g.nodes) < b.States) {
		if err := g.ring(b); err != nil {
			return nil, err
		}
	}
	g.Complete = len(g.frontier) == 0
	return g, nil
}

// ring looks at every state of the frontier, which makes the next one.
func (g *Graph) ring(b Bounds) error {
	frontier, first := g.frontier, g.first
	g.frontier, g.first = nil, len(g.nodes)
	for begin := 0; begin < len(frontier); begin += batch {
		states := frontier[begin:min(begin+batch, len(frontier))]
		for i, l := range lookAll(states, b.Handovers) {
			if l.err != nil {
				return l.err
			}
			g.note(int32(first+begin+i), l)
		}
		clear(states) // what has been looked at is only known by its key from here on
	}
	return nil
}

// batch is how many states are looked at before what was found is put together.
const batch = 4096

// lookAll looks at states on all processors. What it finds is in their order.
func lookAll(states []*handover.State, handovers int) []look {
	looks := make([]look, len(states))
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wait.Go(func() {
			for i := w; i < len(states); i += workers {
				looks[i] = lookAt(states[i], handovers)
			}
		})
	}
	wait.Wait()
	return looks
}

// lookAt gives every command in a state, lets time go on, and asserts what must
// hold of it.
func lookAt(s *handover.State, handovers int) (l look) {
	l.breaches = soundness.Of(s.Conversation)
	for _, o := range alphabet(s.Conversation, handovers) {
		l.tries(s, o, o.Build(directory), now)
	}
	due, waiting := handover.Due(s.Conversation)
	if !waiting {
		l.rests = true
		return l
	}
	if due.Before(now) {
		due = now
	}
	before := len(l.next)
	l.tries(s, order.Order{}, handover.Advance{Rank: rank}, due)
	if len(l.next) == before {
		l.breaches = append(l.breaches, soundness.Breach{Rule: "progress", Message: fmt.Sprintf("at %s the platform does nothing", due)})
		return l
	}
	l.next[before].timer = true
	return l
}

// tries decides a command and goes where it leads, unless it is refused. No order
// is that time goes on.
func (l *look) tries(s *handover.State, by order.Order, c handover.Command, at time.Time) {
	decision, err := handover.Decide(s, c, at, rules())
	var refusal *handover.Refusal
	if errors.As(err, &refusal) || err == nil && len(decision.Events) == 0 {
		return
	}
	p := place{by: by}
	if err == nil {
		p.state, p.took, err = after(s, decision.Events, at)
	}
	if err == nil {
		p.key, err = keyOf(p.state)
	}
	if err != nil {
		l.err = fmt.Errorf("%s: %w", by, err)
	}
	l.next = append(l.next, p)
}
