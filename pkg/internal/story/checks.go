package story

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Asked expects which lines are not asked again.
func (s *Story) Asked(want ...string) *Story {
	s.t.Helper()
	got := handover.Of(s.State.Conversation).AskedBefore()
	if len(got) != len(want) {
		s.t.Errorf("asked before are %v, want %v", got, want)
	}
	for _, line := range want {
		if !got[line] {
			s.t.Errorf("%s is not among %v", line, got)
		}
	}
	return s
}

// Returned expects why the newest handover came back.
func (s *Story) Returned(why string) *Story {
	s.t.Helper()
	h := handover.Of(s.State.Conversation).Current()
	if got := Short(h.ReturnReason); got != why {
		s.t.Errorf("it came back for %s, want %s", got, why)
	}
	if line := s.State.Conversation.Custody.Line; line != h.FromLine {
		s.t.Errorf("custody is at %q, want it at the sender", line)
	}
	return s
}

func (s *Story) WalksOn(stands string, c decide.Command) {
	s.t.Helper()
	s.Given(c).Stands(stands)
}

// Alerts expects how many alerts count, and that one is due in some time; 0: that
// they rest.
func (s *Story) Alerts(n uint32, due time.Duration) *Story {
	s.t.Helper()
	c := s.State.Conversation.Custody
	var left time.Duration
	if c.AlertDeadline != nil {
		left = c.AlertDeadline.AsTime().Sub(s.Now)
	}
	if c.Alerts != n || left != due {
		s.t.Errorf("%d alerts count and the next is in %s, want %d and %s", c.Alerts, left, n, due)
	}
	return s
}

// Called expects how often supervisors were told, call by call.
func (s *Story) Called(want ...uint32) *Story {
	s.t.Helper()
	calls := s.State.Conversation.SupervisorCalls
	if len(calls) != len(want) {
		s.t.Fatalf("there are %d calls, want %d", len(calls), len(want))
	}
	for i, call := range calls {
		if call.Count != want[i] {
			s.t.Errorf("call %d, %s to %s, was made %d times, want %d", i, call.Reason, call.Line, call.Count, want[i])
		}
	}
	return s
}

// Budget expects how much time is left until "I have it".
func (s *Story) Budget(want time.Duration) *Story {
	s.t.Helper()
	h := handover.Of(s.State.Conversation).Current()
	if left := h.BudgetDeadline.AsTime().Sub(s.Now); h.BudgetDeadline == nil || left != want {
		s.t.Errorf("the budget is %s, want %s", left, want)
	}
	return s
}

// ExpectWords writes as a counsellor of the line with custody.
func (s *Story) ExpectWords(state string, toAll, toCounsellors bool) {
	s.t.Helper()
	line, who := s.State.Conversation.Custody.Line, "kim"
	switch line {
	case Emergency:
		who = "ola"
	case Mind:
		who = "siv"
	}
	for audience, passes := range map[string]bool{"ALL": toAll, "COUNSELLORS": toCounsellors} {
		c := Writes(line, who, All)
		if audience == "COUNSELLORS" {
			c = Writes(line, who, Counsellors)
		}
		o := s.When(c)
		if passes {
			o.Gives("MessageSent")
		} else if r := o.Refused("NOT_RELAYED"); r.Metadata["state"] != state {
			s.t.Errorf("in %s the refusal says %v", state, r.Metadata)
		}
	}
}

// UnleasedBut expects that one line's offer alone holds a seat.
func (s *Story) UnleasedBut(line string) *Story {
	s.t.Helper()
	for _, o := range handover.Of(s.State.Conversation).Current().GetOffers() {
		if o.Lease != (o.Line == line) {
			s.t.Errorf("%s, which is %s, holds a seat: %t", o.Line, Short(o.State), o.Lease)
		}
	}
	return s
}

// Offers expects line and state of each offer of the newest handover.
func (s *Story) Offers(want ...string) *Story {
	s.t.Helper()
	var got []string
	for _, o := range handover.Of(s.State.Conversation).Current().GetOffers() {
		got = append(got, fmt.Sprintf("%s %s", o.Line, Short(o.State)))
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		s.t.Errorf("the offers are %v, want %v", got, want)
	}
	return s
}

// Unleased expects that no offer holds a seat.
func (s *Story) Unleased() *Story {
	s.t.Helper()
	for _, o := range handover.Of(s.State.Conversation).Current().GetOffers() {
		if o.Lease {
			s.t.Errorf("%s, which is %s, holds a seat", o.Line, Short(o.State))
		}
	}
	return s
}

// StillPromised expects whether the first handover's slot is still to come.
func (s *Story) StillPromised(want bool) *Story {
	s.t.Helper()
	h := s.State.Conversation.Handovers[0]
	if got := h.Deadline != nil; got != want || h.DecisionDue {
		s.t.Errorf("of the deferral: still to come %t, want %t; a decision is due: %t", got, want, h.DecisionDue)
	}
	return s
}

// StillPromisedIn expects that a line keeps what the n-th handover promised.
func (s *Story) StillPromisedIn(n uint32, line string) *Story {
	s.t.Helper()
	if h := handover.Of(s.State.Conversation).Handover(n); h.Deadline == nil || h.FromLine != line {
		s.t.Errorf("%s keeps the promise until %v, want %s", h.FromLine, h.Deadline, line)
	}
	return s
}

// Unpaused expects that nothing waits for the child.
func (s *Story) Unpaused() *Story {
	s.t.Helper()
	if at := handover.Of(s.State.Conversation).Current().AwayDeadline; at != nil {
		s.t.Errorf("it waits for the child until %s", at.AsTime())
	}
	return s
}

// NoTicket expects a ticket refused, and why.
func (o Outcome) NoTicket(why string) {
	o.t.Helper()
	if r := o.Refused("TICKET_INVALID"); r.Metadata["why"] != why {
		o.t.Errorf("the refusal says %v, want %s", r.Metadata, why)
	}
}

// Leg expects where the child's leg is, and on which channel.
func (s *Story) Leg(line string, channel handoverv1.Channel) *Story {
	s.t.Helper()
	if c := s.State.Conversation; c.LegLine != line || c.Channel != channel || handover.Of(c).Child().Line != line {
		s.t.Errorf("the leg is at %s by %s, want it at %s by %s", c.LegLine, c.Channel, line, channel)
	}
	return s
}

func (s *Story) Tagged(want ...string) *Story {
	s.t.Helper()
	if got := s.State.Conversation.Assessment.Tags; !slices.Equal(got, want) {
		s.t.Errorf("the tags are %v, want %v", got, want)
	}
	return s
}
