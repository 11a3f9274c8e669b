package handover_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
)

// asked expects which lines are not asked again.
func (s *story) asked(want ...string) *story {
	s.t.Helper()
	got := handover.Of(s.state.Conversation).AskedBefore()
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

// TestWhoIsNotAskedAgain: who said no or did not answer. Whose offer was taken back,
// whose machine was silent and who took over has not said no.
func TestWhoIsNotAskedAgain(t *testing.T) {
	at(t, "PROPOSED").asked()
	at(t, "OFFERED").asked().given(first.decline()).asked(emergency)
	at(t, "OFFERED").given(first.seen()).passes(45 * time.Second).asked(emergency)
	at(t, "OFFERED").passes(5*time.Second).offers(emergency+" UNREACHABLE", mind+" SENT").asked()
	at(t, "OFFERED").given(first.cancel()).asked()
	at(t, "RETURNED").asked()
	at(t, "CLOSED").asked()
	routed(t, imminent, emergency, mind).looks().given(first.acceptBy(mind, 2)).asked()
}

// TestALineWhoseOfferWasTakenBackIsAskedAgain, and one whose machine was silent.
func TestALineWhoseOfferWasTakenBackIsAskedAgain(t *testing.T) {
	p := first
	p.n = 2
	at(t, "OFFERED").given(first.cancel()).to(p, stateOf("OFFERED")).offers(emergency+" SENT", mind+" PLANNED")
	at(t, "OFFERED").passes(10*time.Second).returned("PLAN_EXHAUSTED").to(p, stateOf("OFFERED")).offers(emergency+" SENT", mind+" PLANNED")
}

// TestAPlanOfUnwillingLinesIsExhausted, where nobody else is open.
func TestAPlanOfUnwillingLinesIsExhausted(t *testing.T) {
	p := first
	p.n = 2
	s := at(t, "OFFERED").given(first.decline(), first.cancel())
	s.rank = plan(emergency)
	s.to(p, stateOf("ROUTING")).when(s.advance()).gives("HandoverRouted", "HandoverReturned").returned("PLAN_EXHAUSTED")
}

// promised is a deferral to a line that had said no to being asked at once.
func promised(t *testing.T) *story {
	s := at(t, "OFFERED").given(first.decline(), first.deferUntil(evening.Add(time.Hour)))
	s.rank = plan(emergency)
	return s.asked(emergency)
}

// TestALineThatPromisedATimeIsAskedThen, although it had said no before, also where
// the child is asked before that time.
func TestALineThatPromisedATimeIsAskedThen(t *testing.T) {
	p := first
	p.n = 2
	for _, wait := range []time.Duration{time.Minute, time.Hour} {
		s := promised(t).passes(wait).given(p.propose()).asked()
		s.given(p.seal(), p.ask(), p.give(intro)).when(s.advance()).gives("HandoverRouted", "OfferSent").offers(emergency + " SENT")
		s.when(p.decline()).gives("OfferDeclined", "HandoverReturned").returned("PLAN_EXHAUSTED")
	}
}

// TestAPromiseIsOfOneHandover: the next that does not take it up has no use of it.
func TestAPromiseIsOfOneHandover(t *testing.T) {
	p, q := first, first
	p.n, q.n = 2, 3
	s := promised(t).passes(time.Hour).given(p.propose(), p.ask(), p.give(intro), p.cancel())
	s.given(q.propose()).asked(emergency)
}

// TestAPromiseOutlivesARefusedHandover: the child did not want to be handed over
// before the time that it chose, and does when that has come.
func TestAPromiseOutlivesARefusedHandover(t *testing.T) {
	p, q := first, first
	p.n, q.n = 2, 3
	s := promised(t).given(p.propose(), p.ask(), p.refuse()).looks().passes(time.Hour)
	s.given(q.propose()).asked()
	if h := handover.Of(s.state.Conversation).Current(); h.Parent != 1 {
		t.Errorf("it follows from %d, want the deferred one", h.Parent)
	}
}
