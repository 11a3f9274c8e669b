package deadline_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/internal/story"
)

// overdue is what each waiting state comes to when nothing happens in time.
var overdue = map[string]struct {
	after  time.Duration
	gives  string
	stands string
	why    string
}{
	"CONSENT_ASKED":    {5 * time.Minute, "HandoverReturned", "RETURNED SENDER", "CONSENT_UNANSWERED"},
	"ROUTING":          {0, "HandoverRouted OfferSent", "OFFERED RECEIVER 45s", ""},
	"OFFERED":          {5 * time.Second, "OfferUnreachable OfferSent", "OFFERED RECEIVER 45s", ""},
	"ACCEPTED":         {30 * time.Second, "HandoverReturned", "RETURNED SENDER", "NO_JOIN"},
	"BRIEFING":         {2 * time.Minute, "HandoverReturned", "RETURNED SENDER", "BUDGET_SPENT"},
	"BRIDGED":          {2 * time.Minute, "HandoverReturned", "RETURNED SENDER", "RECEIVER_DROPPED"},
	"CONFIRMING":       {90 * time.Second, "HandoverReturned", "RETURNED SENDER", "BUDGET_SPENT"},
	"TRANSFERRED":      {time.Minute, "SenderLeft", "AWAITING_OUTCOME RECEIVER 24h0m0s", ""},
	"AWAITING_OUTCOME": {24 * time.Hour, "OutcomeOverdue", "AWAITING_OUTCOME RECEIVER 24h0m0s", ""},
}

func TestOverdueFiresOnce(t *testing.T) {
	for state, want := range overdue {
		t.Run(state, func(t *testing.T) {
			s := story.At(t, state)
			if state == "CONSENT_ASKED" {
				s.Wait(want.after / 2).When(s.Advance()).Gives("ConsentReminded")
				want.after -= want.after / 2
			}
			if want.after > 0 {
				s.Wait(want.after - time.Nanosecond).When(s.Advance()).Gives()
				s.Wait(time.Nanosecond)
			}
			s.When(s.Advance()).Gives(strings.Fields(want.gives)...).Stands(want.stands)
			if want.why != "" {
				s.Returned(want.why)
			}
			s.When(s.Advance()).Gives()
		})
	}
}

// TestOverdueFiresOnceAfterALongAbsence: the platform was away for a week.
func TestOverdueFiresOnceAfterALongAbsence(t *testing.T) {
	for state, want := range overdue {
		if state == "ROUTING" || state == "OFFERED" {
			continue // the budget is spent by then
		}
		s := story.At(t, state).Wait(7 * 24 * time.Hour)
		s.When(s.Advance()).Gives(strings.Fields(want.gives)...)
		s.When(s.Advance()).Gives()
	}
}

func TestDueIsTheDeadline(t *testing.T) {
	for state, want := range overdue {
		s := story.At(t, state)
		due, waiting := deadline.Due(s.State.Conversation)
		if state == "CONSENT_ASKED" {
			want.after /= 2 // the child is reminded
		}
		if want.after == 0 {
			if !waiting || due != deadline.AtOnce {
				t.Errorf("%s is due at %s (%t), want at once", state, due, waiting)
			}
			continue
		}
		if left := due.Sub(s.Now); !waiting || left != want.after {
			t.Errorf("%s is due in %s (%t), want in %s", state, left, waiting, want.after)
		}
	}
}

func TestNothingIsDue(t *testing.T) {
	for _, state := range []string{"CLOSED", "CANCEL_CONFIRMED", "ABANDONED", "SIGNPOSTED"} {
		s := story.At(t, state).Wait(365 * 24 * time.Hour)
		if due, waiting := deadline.Due(s.State.Conversation); waiting {
			t.Errorf("%s is due at %s", state, due)
		}
		s.When(s.Advance()).Gives()
	}
	s := story.Opened(t)
	if _, waiting := deadline.Due(s.State.Conversation); waiting {
		t.Error("a conversation without a handover is due")
	}
	s.When(s.Advance()).Gives()
	if _, waiting := deadline.Due(nil); waiting {
		t.Error("no conversation is due")
	}
}

func TestDueIsTheFirstOfTwoOffers(t *testing.T) {
	s := story.Routed(t, story.Imminent, story.Emergency, story.Mind, story.Alcohol)
	s.Given(s.Advance(), story.First.Seen()).Wait(10*time.Second).Given(story.First.DeclineBy(story.Mind, 2), story.First.SeenBy(story.Alcohol, 3))
	if due, _ := deadline.Due(s.State.Conversation); due.Sub(s.Now) != 5*time.Second {
		t.Errorf("due in %s, want in 5s", due.Sub(s.Now))
	}
}

func TestOutcomeIsMissingInTheEnd(t *testing.T) {
	s := story.At(t, "AWAITING_OUTCOME")
	for escalation := uint32(1); escalation < 3; escalation++ {
		gives := []string{"OutcomeOverdue", "SupervisorTold", "SupervisorTold"}[:2*escalation-1]
		s.Wait(24 * time.Hour).When(s.Advance()).Gives(gives...).Stands("AWAITING_OUTCOME RECEIVER 24h0m0s")
		if got := handover.Of(s.State.Conversation).Current().OutcomeEscalation; got != escalation {
			t.Errorf("escalation %d, want %d", got, escalation)
		}
	}
	s.Wait(24 * time.Hour).When(s.Advance()).Gives("OutcomeReported").Stands("CLOSED UNSPECIFIED")
	if got := story.Short(handover.Of(s.State.Conversation).Current().Outcome); got != "MISSING" {
		t.Errorf("the outcome is %s, want MISSING", got)
	}
}

// TestAnOutcomeThatComesAfterMissing is recorded once, marked late.
func TestAnOutcomeThatComesAfterMissing(t *testing.T) {
	s := story.At(t, "AWAITING_OUTCOME").Passes(73 * time.Hour)
	s.When(story.First.Report()).Gives("OutcomeReported").Stands("CLOSED UNSPECIFIED")
	if h := handover.Of(s.State.Conversation).Current(); story.Short(h.Outcome) != "SUPPORTED" || !h.OutcomeLate {
		t.Errorf("the outcome is %s, late: %t", h.Outcome, h.OutcomeLate)
	}
	s.When(story.First.Report()).Refused("HANDOVER_STATE")
	story.At(t, "CLOSED").When(story.First.Report()).Refused("HANDOVER_STATE")
}

func TestSupervisorsAreToldOfALateOutcomeOnce(t *testing.T) {
	s := story.At(t, "AWAITING_OUTCOME").Wait(24 * time.Hour)
	s.Given(s.Advance()).Told()
	s.Wait(24*time.Hour).Given(s.Advance()).Told(story.Emergency+" OUTCOME_LATE", story.Bullying+" OUTCOME_LATE")
	s.Wait(24*time.Hour).Given(s.Advance()).Told(story.Emergency+" OUTCOME_LATE", story.Bullying+" OUTCOME_LATE")
}

func TestLateOutcomeIsStillTaken(t *testing.T) {
	s := story.At(t, "AWAITING_OUTCOME").Wait(24 * time.Hour)
	s.Given(s.Advance()).When(story.First.Report()).Gives("OutcomeReported").Stands("CLOSED UNSPECIFIED")
}

// TestReceiverThatLeavesIsDueAtOnce, and one that lost its connection when it has
// not come back in time.
func TestReceiverThatLeavesIsDueAtOnce(t *testing.T) {
	for _, state := range []string{"BRIEFING", "BRIDGED", "CONFIRMING"} {
		s := story.At(t, state).Wait(time.Second).Given(story.Leaves(story.Emergency, "ola"))
		s.When(s.Advance()).Gives("HandoverReturned").Returned("RECEIVER_DROPPED")

		s = story.At(t, state).Given(story.DropsOut(story.Emergency, "ola"))
		s.When(s.Advance()).Gives()
		s.Wait(overdue[state].after).When(s.Advance()).Gives("HandoverReturned").Returned("RECEIVER_DROPPED")
	}
	s := story.At(t, "BRIDGED").Given(story.Comes(story.Emergency, "eva"), story.Leaves(story.Emergency, "ola"))
	s.When(s.Advance()).Gives()
}

// TestReceiverThatJoinedAndWaits: nobody opened the bridge, which is not the
// receiver's doing.
func TestReceiverThatJoinedAndWaits(t *testing.T) {
	s := story.At(t, "ACCEPTED").Given(story.First.Join()).Wait(2*time.Minute - time.Nanosecond)
	s.When(s.Advance()).Gives()
	s.Wait(time.Nanosecond).When(s.Advance()).Gives("HandoverReturned").Returned("BUDGET_SPENT")
}

// TestCustodyWaitsForTheReceiver: the child agreed while the receiver had no
// connection.
func TestCustodyWaitsForTheReceiver(t *testing.T) {
	s := story.At(t, "CONFIRMING").Given(story.First.Agree(), story.DropsOut(story.Emergency, "ola"))
	s.When(s.Advance()).Gives()
	s.Given(story.Comes(story.Emergency, "ola")).When(s.Advance()).Gives("CustodyTransferred")

	s = story.At(t, "CONFIRMING").Given(story.First.Agree(), story.DropsOut(story.Emergency, "ola")).Wait(90 * time.Second)
	s.When(s.Advance()).Gives("HandoverReturned").Returned("RECEIVER_DROPPED")
}

func TestAgreementIsDueAtOnce(t *testing.T) {
	s := story.At(t, "CONFIRMING").Wait(time.Second).Given(story.First.Agree())
	if due, waiting := deadline.Due(s.State.Conversation); !waiting || due.After(s.Now) {
		t.Errorf("due at %s, want now", due)
	}
	s.When(s.Advance()).Gives("CustodyTransferred")
}

// TestReceiverAloneAfterTheTransfer: custody has moved, so that its leaving gives
// nothing back and does not cut the overlap short.
func TestReceiverAloneAfterTheTransfer(t *testing.T) {
	s := story.At(t, "TRANSFERRED").Given(story.Leaves(story.Bullying, "child"), story.Leaves(story.Emergency, "ola"))
	s.Wait(time.Minute - time.Nanosecond).When(s.Advance()).Gives()
	s.Wait(time.Nanosecond).When(s.Advance()).Gives("SenderLeft")
}

// TestChildIsNoReceiver: the receiver is gone also where the child, who goes by a
// pseudonym of that line, is there.
func TestChildIsNoReceiver(t *testing.T) {
	s := story.Again(t, story.Back, "BRIDGED").Given(story.Leaves(story.Bullying, "per"))
	s.When(s.Advance()).Gives("HandoverReturned").Returned("RECEIVER_DROPPED")
}

func TestReceiverThatLeftAndCameBackIsThere(t *testing.T) {
	s := story.At(t, "BRIDGED").Given(story.Comes(story.Emergency, "eva"), story.Leaves(story.Emergency, "ola"), story.Comes(story.Emergency, "ola"), story.Leaves(story.Emergency, "eva"))
	s.When(s.Advance()).Gives()
	s.When(story.First.Confirm()).Gives("ReceiverConfirmed")
}

func TestAgreementWithoutReceiverIsNotDue(t *testing.T) {
	s := story.At(t, "CONFIRMING").Given(story.First.Agree(), story.DropsOut(story.Emergency, "ola"))
	if due, _ := deadline.Due(s.State.Conversation); due.Sub(s.Now) != 90*time.Second {
		t.Errorf("due in %s, want in 90s, when the receiver must have come back", due.Sub(s.Now))
	}
}
