package exploration

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Transition is an edge from one state of a handover to another, with the events that lead
// there, sorted. From is UNSPECIFIED for a new handover.
type Transition struct {
	From, To handoverv1.HandoverState
	Events   []string
}

// Transitions returns the observed transitions, in the order of the states.
func (g *Graph) Transitions() []Transition {
	events := map[[2]handoverv1.HandoverState][]string{}
	for s := range g.steps {
		way := [2]handoverv1.HandoverState{s.from, s.to}
		events[way] = append(events[way], s.event)
	}
	ways := slices.SortedFunc(maps.Keys(events), func(a, b [2]handoverv1.HandoverState) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	var all []Transition
	for _, way := range ways {
		slices.Sort(events[way])
		all = append(all, Transition{way[0], way[1], events[way]})
	}
	return all
}

// Transitions explores a conversation with one handover: a second one adds no transitions.
func Transitions() ([]Transition, error) {
	g, err := Explore(Bounds{Handovers: 1})
	if err != nil {
		return nil, err
	}
	return g.Transitions(), nil
}

// Diagram draws transitions as a mermaid diagram, in a Markdown code fence.
func Diagram(transitions []Transition) string {
	var b strings.Builder
	b.WriteString("```mermaid\nstateDiagram-v2\n")
	for _, t := range transitions {
		b.WriteString("    " + Name(t.From) + " --> " + Name(t.To) + ": " + strings.Join(t.Events, ", ") + "\n")
	}
	for _, end := range ends(transitions) {
		b.WriteString("    " + Name(end) + " --> [*]\n")
	}
	b.WriteString("```\n")
	return b.String()
}

// ends returns the states in which another handover may begin.
func ends(transitions []Transition) []handoverv1.HandoverState {
	var all []handoverv1.HandoverState
	for _, t := range transitions {
		if handover.Ended(t.To) && !slices.Contains(all, t.To) {
			all = append(all, t.To)
		}
	}
	slices.Sort(all)
	return all
}

// Name returns the state's name in a diagram.
func Name(s handoverv1.HandoverState) string {
	if s == handoverv1.HandoverState_HANDOVER_STATE_UNSPECIFIED {
		return "[*]"
	}
	return strings.TrimPrefix(s.String(), "HANDOVER_STATE_")
}
