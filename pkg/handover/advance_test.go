package handover_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
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
			s := at(t, state)
			if state == "CONSENT_ASKED" {
				s.wait(want.after / 2).when(s.advance()).gives("ConsentReminded")
				want.after -= want.after / 2
			}
			if want.after > 0 {
				s.wait(want.after - time.Nanosecond).when(s.advance()).gives()
				s.wait(time.Nanosecond)
			}
			s.when(s.advance()).gives(strings.Fields(want.gives)...).stands(want.stands)
			if want.why != "" {
				s.returned(want.why)
			}
			s.when(s.advance()).gives()
		})
	}
}

// TestOverdueFiresOnceAfterALongAbsence: the platform was away for a week.
func TestOverdueFiresOnceAfterALongAbsence(t *testing.T) {
	for state, want := range overdue {
		if state == "ROUTING" || state == "OFFERED" {
			continue // the budget is spent by then
		}
		s := at(t, state).wait(7 * 24 * time.Hour)
		s.when(s.advance()).gives(strings.Fields(want.gives)...)
		s.when(s.advance()).gives()
	}
}

func TestDueIsTheDeadline(t *testing.T) {
	for state, want := range overdue {
		s := at(t, state)
		due, waiting := handover.Due(s.state.Conversation)
		if state == "CONSENT_ASKED" {
			want.after /= 2 // the child is reminded
		}
		if want.after == 0 {
			if !waiting || due != handover.AtOnce {
				t.Errorf("%s is due at %s (%t), want at once", state, due, waiting)
			}
			continue
		}
		if left := due.Sub(s.now); !waiting || left != want.after {
			t.Errorf("%s is due in %s (%t), want in %s", state, left, waiting, want.after)
		}
	}
}

func TestNothingIsDue(t *testing.T) {
	for _, state := range []string{"PROPOSED", "CLOSED", "CANCEL_CONFIRMED", "ABANDONED", "SIGNPOSTED"} {
		s := at(t, state).wait(365 * 24 * time.Hour)
		if due, waiting := handover.Due(s.state.Conversation); waiting {
			t.Errorf("%s is due at %s", state, due)
		}
		s.when(s.advance()).gives()
	}
	s := opened(t)
	if _, waiting := handover.Due(s.state.Conversation); waiting {
		t.Error("a conversation without a handover is due")
	}
	s.when(s.advance()).gives()
	if _, waiting := handover.Due(nil); waiting {
		t.Error("no conversation is due")
	}
}

func TestDueIsTheFirstOfTwoOffers(t *testing.T) {
	s := routed(t, imminent, emergency, mind, alcohol)
	s.given(s.advance(), first.seen()).wait(10*time.Second).given(first.declineBy(mind, 2), first.seenBy(alcohol, 3))
	if due, _ := handover.Due(s.state.Conversation); due.Sub(s.now) != 5*time.Second {
		t.Errorf("due in %s, want in 5s", due.Sub(s.now))
	}
}

func TestOutcomeIsMissingInTheEnd(t *testing.T) {
	s := at(t, "AWAITING_OUTCOME")
	for escalation := uint32(1); escalation < 3; escalation++ {
		gives := []string{"OutcomeOverdue", "SupervisorTold"}[:escalation]
		s.wait(24 * time.Hour).when(s.advance()).gives(gives...).stands("AWAITING_OUTCOME RECEIVER 24h0m0s")
		if got := handover.Of(s.state.Conversation).Current().OutcomeEscalation; got != escalation {
			t.Errorf("escalation %d, want %d", got, escalation)
		}
	}
	s.wait(24 * time.Hour).when(s.advance()).gives("OutcomeReported").stands("CLOSED UNSPECIFIED")
	if got := short(handover.Of(s.state.Conversation).Current().Outcome); got != "MISSING" {
		t.Errorf("the outcome is %s, want MISSING", got)
	}
}

func TestSupervisorsAreToldOfALateOutcomeOnce(t *testing.T) {
	s := at(t, "AWAITING_OUTCOME").wait(24 * time.Hour)
	s.given(s.advance()).told()
	s.wait(24 * time.Hour).given(s.advance()).told(emergency + " OUTCOME_LATE")
	s.wait(24 * time.Hour).given(s.advance()).told(emergency + " OUTCOME_LATE")
}

func TestLateOutcomeIsStillTaken(t *testing.T) {
	s := at(t, "AWAITING_OUTCOME").wait(24 * time.Hour)
	s.given(s.advance()).when(first.report()).gives("OutcomeReported").stands("CLOSED UNSPECIFIED")
}

// TestReceiverThatLeavesIsDueAtOnce, and one that lost its connection when it has
// not come back in time.
func TestReceiverThatLeavesIsDueAtOnce(t *testing.T) {
	for _, state := range []string{"BRIEFING", "BRIDGED", "CONFIRMING"} {
		s := at(t, state).wait(time.Second).given(leaves(emergency, "ola"))
		s.when(s.advance()).gives("HandoverReturned").returned("RECEIVER_DROPPED")

		s = at(t, state).given(dropsOut(emergency, "ola"))
		s.when(s.advance()).gives()
		s.wait(overdue[state].after).when(s.advance()).gives("HandoverReturned").returned("RECEIVER_DROPPED")
	}
	s := at(t, "BRIDGED").given(comes(emergency, "eva"), leaves(emergency, "ola"))
	s.when(s.advance()).gives()
}

// TestReceiverThatJoinedAndWaits: nobody opened the bridge, which is not the
// receiver's doing.
func TestReceiverThatJoinedAndWaits(t *testing.T) {
	s := at(t, "ACCEPTED").given(first.join()).wait(2*time.Minute - time.Nanosecond)
	s.when(s.advance()).gives()
	s.wait(time.Nanosecond).when(s.advance()).gives("HandoverReturned").returned("BUDGET_SPENT")
}

// TestCustodyWaitsForTheReceiver: the child agreed while the receiver had no
// connection.
func TestCustodyWaitsForTheReceiver(t *testing.T) {
	s := at(t, "CONFIRMING").given(first.agree(), dropsOut(emergency, "ola"))
	s.when(s.advance()).gives()
	s.given(comes(emergency, "ola")).when(s.advance()).gives("CustodyTransferred")

	s = at(t, "CONFIRMING").given(first.agree(), dropsOut(emergency, "ola")).wait(90 * time.Second)
	s.when(s.advance()).gives("HandoverReturned").returned("RECEIVER_DROPPED")
}

func TestAgreementIsDueAtOnce(t *testing.T) {
	s := at(t, "CONFIRMING").wait(time.Second).given(first.agree())
	if due, waiting := handover.Due(s.state.Conversation); !waiting || due.After(s.now) {
		t.Errorf("due at %s, want now", due)
	}
	s.when(s.advance()).gives("CustodyTransferred")
}

// TestReceiverAloneAfterTheTransfer: custody has moved, so that its leaving gives
// nothing back and does not cut the overlap short.
func TestReceiverAloneAfterTheTransfer(t *testing.T) {
	s := at(t, "TRANSFERRED").given(leaves(bullying, "child"), leaves(emergency, "ola"))
	s.wait(time.Minute - time.Nanosecond).when(s.advance()).gives()
	s.wait(time.Nanosecond).when(s.advance()).gives("SenderLeft")
}

// TestChildIsNoReceiver: the receiver is gone also where the child, who goes by a
// pseudonym of that line, is there.
func TestChildIsNoReceiver(t *testing.T) {
	s := again(t, back, "BRIDGED").given(leaves(bullying, "per"))
	s.when(s.advance()).gives("HandoverReturned").returned("RECEIVER_DROPPED")
}

func TestReceiverThatLeftAndCameBackIsThere(t *testing.T) {
	s := at(t, "BRIDGED").given(comes(emergency, "eva"), leaves(emergency, "ola"), comes(emergency, "ola"), leaves(emergency, "eva"))
	s.when(s.advance()).gives()
	s.when(first.confirm()).gives("ReceiverConfirmed")
}

func TestAgreementWithoutReceiverIsNotDue(t *testing.T) {
	s := at(t, "CONFIRMING").given(first.agree(), dropsOut(emergency, "ola"))
	if due, _ := handover.Due(s.state.Conversation); due.Sub(s.now) != 90*time.Second {
		t.Errorf("due in %s, want in 90s, when the receiver must have come back", due.Sub(s.now))
	}
}
