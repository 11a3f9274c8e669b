package exploration

import (
	"slices"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
	"github.com/stafett/stafett/tools/internal/simulation/soundness"
)

// Graph is the explored part of the world.
type Graph struct {
	// Edges is the number of commands and deadlines that led from one state to another.
	Edges int
	// Complete reports whether the entire world was explored.
	Complete bool
	// Seen counts states by the state of their newest handover.
	Seen map[handoverv1.HandoverState]int
	// Breaches are the violations found.
	Breaches []Breach

	nodes    []node
	index    map[key]int32
	frontier []*handover.State
	first    int // number of the frontier's first state
	steps    map[step]int
}

// Breach is a rule that a state violates, with the path to it.
type Breach struct {
	Rule, Message string
	Way           []string
}

// node is the part of a state that is kept.
type node struct {
	from int32
	by   order.Order
	// timer is the state that the next deadline leads to, or -1 if there is no deadline.
	timer int32
	// over reports that no handover is unfinished, or that the unfinished one may stay so as
	// long as people are there and silent: a draft; a
	// sender who stays with a child whose new line is gone and is alerted forever; a receiver who
	// stays with a child whose sender is gone; a sender whom the child asked to stay.
	over bool
}

func newGraph() *Graph {
	return &Graph{Seen: map[handoverv1.HandoverState]int{}, index: map[key]int32{}, steps: map[step]int{}}
}

// States returns the number of states found.
func (g *Graph) States() int { return len(g.nodes) }

// found adds a state unless it is known, and returns its index.
func (g *Graph) found(p place) int32 {
	if at, known := g.index[p.key]; known {
		return at
	}
	at := int32(len(g.nodes))
	h := handover.Of(p.state.Conversation).Current()
	g.index[p.key] = at
	g.nodes = append(g.nodes, node{from: p.from, by: p.by, timer: -1, over: over(p.state.Conversation)})
	g.frontier = append(g.frontier, p.state)
	g.Seen[h.GetState()]++
	return at
}

func over(c *statev1.Conversation) bool {
	h := handover.Of(c).Current()
	switch h.GetState() {
	case handoverv1.HandoverState_HANDOVER_STATE_PROPOSED:
		return true
	case handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED:
		return (soundness.Unattended(c) || h.StayAsked) && handover.Of(c).Counsellors(h.FromLine) > 0
	}
	return !h.Exists() || h.Ended() || accompanied(h)
}

// accompanied reports whether the receiver alone is with the child, and stays.
func accompanied(h handover.Handover) bool { return h.Exists() && h.LacksSender() }

// note merges the results of exploring a state.
func (g *Graph) note(at int32, l look) {
	for _, p := range l.next {
		p.from = at
		to := g.found(p)
		g.Edges++
		if p.timer {
			g.nodes[at].timer = to
		}
		for _, s := range p.took {
			g.steps[s]++
		}
	}
	for _, b := range l.breaches {
		g.Breaches = append(g.Breaches, Breach{b.Rule, b.Message, g.way(at)})
	}
}

// way returns the shortest path to a state.
func (g *Graph) way(at int32) []string {
	var way []string
	for ; g.nodes[at].from >= 0; at = g.nodes[at].from {
		way = append(way, named(g.nodes[at].by))
	}
	slices.Reverse(way)
	return way
}

func named(o order.Order) string {
	if o.Command == nil {
		return "the earliest due instant comes"
	}
	return o.String()
}

// Endless returns the paths to states from which timers alone never reach an end.
func (g *Graph) Endless() [][]string {
	var ways [][]string
	leads := make([]bool, len(g.nodes))
	for at := range g.nodes {
		if !g.ends(int32(at), leads) {
			ways = append(ways, g.way(int32(at)))
		}
	}
	return ways
}

// ends follows the timers from a state, and records the result for every state on the way.
func (g *Graph) ends(at int32, leads []bool) bool {
	var way []int32
	seen := map[int32]bool{}
	for at >= 0 && !leads[at] && !g.nodes[at].over && !seen[at] {
		seen[at] = true
		way = append(way, at)
		at = g.nodes[at].timer
	}
	if at < 0 || seen[at] {
		return false
	}
	for _, passed := range append(way, at) {
		leads[passed] = true
	}
	return true
}
