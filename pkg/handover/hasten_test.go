package handover_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// budget expects how much time is left until "I have it".
func (s *story) budget(want time.Duration) *story {
	s.t.Helper()
	h := handover.Of(s.state.Conversation).Current()
	if left := h.BudgetDeadline.AsTime().Sub(s.now); h.BudgetDeadline == nil || left != want {
		s.t.Errorf("the budget is %s, want %s", left, want)
	}
	return s
}

// TestARisingRiskHastens at once: the line that is being asked has 15 seconds, one
// more is asked, and a risk that falls gives no time back.
func TestARisingRiskHastens(t *testing.T) {
	s := at(t, "OFFERED").given(first.seen()).wait(10 * time.Second).given(risk(bullying, imminent))
	if due, _ := handover.Due(s.state.Conversation); due != handover.AtOnce {
		t.Errorf("due at %s, want at once", due)
	}
	s.when(s.advance()).gives("HandoverHastened", "OfferSent").stands("OFFERED RECEIVER 15s").budget(time.Minute)
	s.offers(emergency+" ALERTING", mind+" SENT")
	s.when(s.advance()).gives()
	s.given(risk(bullying, handoverv1.RiskLevel_RISK_LEVEL_R1))
	s.when(s.advance()).gives().stands("OFFERED RECEIVER 15s").budget(time.Minute)
	s.when(first.acceptBy(mind, 2)).gives("OfferAccepted", "OfferWithdrawn").offers(emergency+" WITHDRAWN", mind+" ACCEPTED")
}

// TestAHastenedOfferEndsSooner, and rings no more on the way.
func TestAHastenedOfferEndsSooner(t *testing.T) {
	s := at(t, "OFFERED").given(first.seen(), risk(bullying, imminent)).looks().given(first.seenBy(mind, 2))
	s.wait(15*time.Second - 1).when(s.advance()).gives()
	s.wait(1).when(s.advance()).gives("OfferTimedOut", "OfferTimedOut", "HandoverReturned").returned("PLAN_EXHAUSTED")

	s = at(t, "OFFERED").given(first.seen(), risk(bullying, imminent)).looks().wait(15 * time.Second)
	s.when(first.accept()).refused("TOO_LATE")
}

// TestHasteGivesNoMoreTime: what is earlier already stays.
func TestHasteGivesNoMoreTime(t *testing.T) {
	s := at(t, "OFFERED").given(first.seen()).wait(40 * time.Second).given(risk(bullying, imminent))
	s.looks().given(first.seenBy(mind, 2))
	s.wait(5*time.Second).when(s.advance()).gives("OfferTimedOut").offers(emergency+" TIMED_OUT", mind+" ALERTING")

	s = routed(t, 0, "a", "b", "c", "d", "e").looks().given(first.seenBy("a", 1))
	for n := uint32(2); n < 5; n++ {
		s.wait(44*time.Second).given(first.declineBy(string(rune('a'+n-2)), n-1), first.seenBy(string(rune('a'+n-1)), n))
	}
	s.given(risk(bullying, imminent)).looks().budget(48 * time.Second)
}

// TestARisingRiskWithNobodyLeft to ask leaves less time to the one that is asked.
func TestARisingRiskWithNobodyLeft(t *testing.T) {
	s := routed(t, 0, emergency).looks().given(risk(bullying, imminent))
	s.when(s.advance()).gives("HandoverHastened").stands("OFFERED RECEIVER 15s").budget(time.Minute)
	s.when(s.advance()).gives()
}

// TestARiskThatRisesBeforeLinesAreAsked hastens what was begun slowly, and one that
// was imminent at the yes has its times already.
func TestARiskThatRisesBeforeLinesAreAsked(t *testing.T) {
	s := at(t, "ROUTING").given(risk(bullying, imminent))
	s.when(s.advance()).gives("HandoverRouted", "OfferSent", "OfferSent", "HandoverHastened")
	s.stands("OFFERED RECEIVER 15s").budget(time.Minute)

	s = routed(t, imminent, emergency, mind)
	s.when(s.advance()).gives("HandoverRouted", "OfferSent", "OfferSent").budget(time.Minute)
}

// TestSlowWritingIsNotHastened: one more line is asked, in the same hours.
func TestSlowWritingIsNotHastened(t *testing.T) {
	s := slowly(t, sms, "OFFERED").given(risk(bullying, imminent))
	s.when(s.advance()).gives("OfferSent").stands("OFFERED RECEIVER 4h0m0s").budget(3 * day)
}
