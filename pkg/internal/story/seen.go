package story

import (
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/view"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// Sees is what a line is shown of the whole history, as the intake service
// streams it.
func (s *Story) Sees(line string) []string {
	var kinds []string
	for _, r := range s.History {
		if handover.PartiesOf(s.State).MaySee(line, r.Position) {
			kinds = append(kinds, event.Names(view.Events(s.State, r.Commit, r.Position, line))...)
		}
	}
	return kinds
}

// Shows expects the kinds of events that a line is shown from the first of a kind
// on; from none, nothing at all.
func (s *Story) Shows(line, from string, want ...string) {
	s.t.Helper()
	kinds := s.Sees(line)
	for len(kinds) > 0 && kinds[0] != from {
		if from == "" {
			break
		}
		kinds = kinds[1:]
	}
	if got := strings.Join(kinds, " "); got != strings.Join(want, " ") {
		s.t.Errorf("%s is shown %q from %q on, want %q", line, got, from, strings.Join(want, " "))
	}
}

// Party expects whether a line may see what happens now, and could before.
func (s *Story) Party(line string, is, was bool) {
	s.t.Helper()
	if got := handover.PartiesOf(s.State).Include(line); got != is {
		s.t.Errorf("%s is a party: %t, want %t", line, got, is)
	}
	if got := handover.PartiesOf(s.State).Included(line); got != was {
		s.t.Errorf("%s is or was a party: %t, want %t", line, got, was)
	}
}

// Shown are the events of the whole history that a line is shown, as text.
func (s *Story) Shown(line string) string {
	var all strings.Builder
	for _, r := range s.History {
		for _, e := range view.Events(s.State, r.Commit, r.Position, line) {
			all.WriteString(e.String() + "\n")
		}
	}
	return all.String()
}

func (s *Story) View(line string) *intakev1.Conversation {
	s.t.Helper()
	before := proto.CloneOf(s.State)
	seen, err := view.Conversation(s.State, line)
	if err != nil {
		s.t.Fatalf("%s has no view: %v", line, err)
	}
	if !proto.Equal(before, s.State) {
		s.t.Fatalf("looking changed the state")
	}
	return seen
}

func Lines(offers []*routingv1.Offer) string {
	var all []string
	for _, o := range offers {
		all = append(all, handover.LineID(o.Line))
	}
	return strings.Join(all, " ")
}
