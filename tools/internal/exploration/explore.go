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

// Bounds limit the part of the world that is explored.
type Bounds struct {
	// Handovers is the maximum per conversation.
	Handovers int
	// After lists the orders that lead to the starting state; an empty one advances time to
	// the next deadline.
	After []order.Order
	// States is the maximum number of states to find; 0 means no limit.
	States int
}

// key identifies a state.
type key [16]byte

func keyOf(s *handover.State) (key, error) {
	stored, err := proto.MarshalOptions{Deterministic: true}.Marshal(s)
	sum := sha256.Sum256(stored)
	return key(sum[:16]), err
}

// place is a state and the path to it.
type place struct {
	key   key
	state *handover.State
	// from is the state it was found from, and by the order that led here.
	from int32
	by   order.Order
	// took are the steps on the way from there.
	took []step
	// timer marks the state that the next deadline leads to.
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

// beginAfter returns the state after the given orders. None may be refused.
func beginAfter(orders []order.Order) (*handover.State, error) {
	s, err := begin()
	for _, o := range orders {
		if err != nil {
			return nil, err
		}
		s, err = follow(s, o)
	}
	return s, err
}

func follow(s *handover.State, o order.Order) (*handover.State, error) {
	var l look
	if o.Command == nil {
		l.waits(s)
	} else {
		l.tries(s, o, o.Build(requestID, directory, order.Scene{Conversation: s.Conversation, Now: now}), now)
	}
	if len(l.next) != 1 {
		return nil, fmt.Errorf("%q leads nowhere", o)
	}
	return l.next[0].state, l.err
}

// ring explores every state of the frontier; their successors form the next one.
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
		clear(states) // from here on, explored states are known only by their keys
	}
	return nil
}

// batch is the number of states explored before their results are merged.
const batch = 4096

// lookAll explores states on all processors. Its results are in the order of the states.
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
