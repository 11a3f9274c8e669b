package exploration

import (
	"crypto/sha256"
	"fmt"
	"runtime"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

// Bounds are how much of the world is explored.
type Bounds struct {
	// Handovers is how many a conversation may have.
	Handovers int
	// After are orders that lead to where the exploring begins; an empty one lets the
	// earliest due instant come.
	After []string
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

// Explore visits every state within bounds.
func Explore(b Bounds) (*Graph, error) {
	first, err := beginAfter(b.After)
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

// beginAfter is the state after some orders. None may be refused.
func beginAfter(orders []string) (*handover.State, error) {
	s, err := begin()
	for _, text := range orders {
		if err != nil {
			return nil, err
		}
		s, err = follow(s, text)
	}
	return s, err
}

func follow(s *handover.State, text string) (*handover.State, error) {
	var l look
	if text == "" {
		l.waits(s)
	} else {
		o, err := order.Parse(text)
		if err != nil {
			return nil, err
		}
		l.tries(s, o, o.Build(directory), now)
	}
	if len(l.next) != 1 {
		return nil, fmt.Errorf("%q leads nowhere", text)
	}
	return l.next[0].state, l.err
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
