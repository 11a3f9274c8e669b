package handover_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// gone is a child that is no longer there: the connection lost, or left.
var gone = map[string]handover.Command{"cut off": dropsOut(bullying, "child"), "left": leaves(bullying, "child")}

// waitsFor is how a handover stands while the child is away, and once it is back.
var waitsFor = map[string]struct{ away, back string }{
	"PROPOSED":      {"PROPOSED CHILD 15m0s", "PROPOSED SENDER"},
	"CONSENT_ASKED": {"CONSENT_ASKED CHILD 15m0s", "CONSENT_ASKED CHILD 5m0s"},
	"OFFERED":       {"OFFERED RECEIVER 45s", "OFFERED RECEIVER 44s"},
	"ACCEPTED":      {"ACCEPTED RECEIVER 30s", "ACCEPTED RECEIVER 29s"},
	"BRIEFING":      {"BRIEFING CHILD 15m0s", "BRIEFING SENDER 2m0s"},
	"BRIDGED":       {"BRIDGED CHILD 15m0s", "BRIDGED RECEIVER 2m0s"},
	"CONFIRMING":    {"CONFIRMING CHILD 15m0s", "CONFIRMING CHILD 1m30s"},
}

// TestAHandoverWaitsForTheChild and goes on when it is back, with the step's whole
// time anew where the step needs the child.
func TestAHandoverWaitsForTheChild(t *testing.T) {
	for state, want := range waitsFor {
		for how, goes := range gone {
			t.Run(state+" "+how, func(t *testing.T) {
				s := at(t, state).given(goes)
				if due, waiting := handover.Due(s.state.Conversation); !waiting || due != handover.AtOnce {
					t.Errorf("due at %s (%t), want at once", due, waiting)
				}
				s.when(s.advance()).gives("HandoverPaused").stands(want.away)
				s.when(s.advance()).gives()
				s.wait(time.Second).given(childComes())
				s.when(s.advance()).gives("HandoverResumed").stands(want.back)
				s.when(s.advance()).gives()
			})
		}
	}
}

// TestAChildThatDoesNotComeBack: 15 minutes from when it went, also where the
// platform noticed late, the handover is abandoned. Custody stays.
func TestAChildThatDoesNotComeBack(t *testing.T) {
	for _, state := range []string{"PROPOSED", "CONSENT_ASKED", "BRIEFING", "BRIDGED", "CONFIRMING"} {
		for how, goes := range gone {
			t.Run(state+" "+how, func(t *testing.T) {
				s := at(t, state).given(goes).wait(10 * time.Minute)
				s.when(s.advance()).gives("HandoverPaused")
				s.wait(5*time.Minute - time.Nanosecond).when(s.advance()).gives()
				o := s.wait(time.Nanosecond).when(s.advance())
				o.gives("HandoverAbandoned").stands("ABANDONED UNSPECIFIED").returned("UNSPECIFIED")
				if a := o.decision.Events[0].GetHandoverAbandoned(); a.Stage != stateOf(state) || a.CustodyLine != bullying {
					t.Errorf("it says %v", a)
				}
				if got := handover.Of(s.state.Conversation).Current().AbandonedStage; got != stateOf(state) {
					t.Errorf("the stage is %s", got)
				}
				if n := handover.Of(s.state.Conversation).Counsellors(emergency); n != 0 {
					t.Errorf("%d of the receiver are still there", n)
				}
				s.when(s.advance()).gives()
			})
		}
	}
}

// TestAPlatformThatWasAwayWhileTheChildWas does all of it, once.
func TestAPlatformThatWasAwayWhileTheChildWas(t *testing.T) {
	s := at(t, "BRIDGED").given(leaves(bullying, "child")).wait(24 * time.Hour)
	s.when(s.advance()).gives("HandoverPaused", "HandoverAbandoned")
	s.when(s.advance()).gives()
}

// TestLinesGoOnBeingAskedWhileTheChildIsAway: it may come back before one answers.
func TestLinesGoOnBeingAskedWhileTheChildIsAway(t *testing.T) {
	s := at(t, "OFFERED").given(first.seen(), leaves(bullying, "child")).looks()
	s.wait(45*time.Second).when(s.advance()).gives("OfferTimedOut", "OfferSent")
	s.given(first.acceptBy(mind, 2), handover.JoinHandover{Line: mind, Handover: 1, Participant: "siv"})
	s.stands("ACCEPTED CHILD 14m15s").when(first.bridge()).refused("PARTICIPANT_ABSENT")
	s.given(childComes(), s.advance()).stands("ACCEPTED SENDER 2m0s").when(first.bridge()).gives("BridgeOpened")
}

// TestAbandonedWhileLinesAreAsked: their offers end with it.
func TestAbandonedWhileLinesAreAsked(t *testing.T) {
	s := at(t, "OFFERED")
	s.rules.Away = 10 * time.Second
	s.given(first.seen(), leaves(bullying, "child"), s.advance()).wait(10 * time.Second)
	s.when(s.advance()).gives("OfferWithdrawn", "HandoverAbandoned").offers(emergency+" WITHDRAWN", mind+" WITHDRAWN").unleased()
	s.when(first.accept()).refused("TOO_LATE")
}

// TestTheBudgetWaitsToo: it is as much longer as the child was away, and is not
// spent meanwhile.
func TestTheBudgetWaitsToo(t *testing.T) {
	for _, state := range []string{"OFFERED", "ACCEPTED", "BRIDGED"} {
		s := at(t, state)
		s.given(leaves(bullying, "child"), s.advance()).wait(20 * time.Second)
		s.given(childComes(), s.advance())
		if left := handover.Of(s.state.Conversation).Current().BudgetDeadline.AsTime().Sub(s.now); left != 180*time.Second {
			t.Errorf("in %s the budget is %s, want the 3m0s that were left", state, left)
		}
	}
	s := at(t, "ROUTING")
	s.rules.Live.Join = time.Hour
	s.given(s.advance(), first.accept(), leaves(bullying, "child"), s.advance()).wait(4 * time.Minute)
	s.when(s.advance()).gives()
}

// TestTheChildAgreedAndWentAway: it has said yes to the end.
func TestTheChildAgreedAndWentAway(t *testing.T) {
	s := at(t, "CONFIRMING").given(first.agree(), leaves(bullying, "child"))
	s.when(s.advance()).gives("HandoverPaused", "CustodyTransferred").stands("TRANSFERRED SENDER 1m0s")
	s.wait(time.Minute).when(s.advance()).gives("SenderLeft")
}

// TestANoWhileAway is still at once.
func TestANoWhileAway(t *testing.T) {
	s := at(t, "BRIDGED").given(leaves(bullying, "child")).looks()
	s.when(first.withdraw()).gives("ConsentWithdrawn").stands("BRIDGED PLATFORM 0s")
	s.when(s.advance()).gives("HandoverReturned").returned("CONSENT_WITHDRAWN")
}

// TestAnEndedHandoverDoesNotWait for anybody.
func TestAnEndedHandoverDoesNotWait(t *testing.T) {
	for _, state := range []string{"TRANSFERRED", "AWAITING_OUTCOME", "CLOSED", "SIGNPOSTED", "CANCEL_CONFIRMED"} {
		s := at(t, state).given(leaves(bullying, "child"))
		s.when(s.advance()).gives()
	}
}

// TestAnOverrideGoesOnWithoutTheChild, with a budget that begins then.
func TestAnOverrideGoesOnWithoutTheChild(t *testing.T) {
	s := at(t, "CONSENT_ASKED").given(dropsOut(bullying, "child")).looks().wait(10 * time.Minute)
	s.when(first.override()).gives("ConsentOverridden").stands("ROUTING PLATFORM 2s")
	s.when(s.advance()).gives("HandoverRouted", "OfferSent")
	if left := handover.Of(s.state.Conversation).Current().BudgetDeadline.AsTime().Sub(s.now); left != 180*time.Second {
		t.Errorf("the budget is %s, want 3m0s", left)
	}
	s.given(first.accept(), first.join()).when(first.bridge()).refused("PARTICIPANT_ABSENT")
	s.when(with(first.bridge(), "Exception", unreachable)).gives("BridgeOpened")
	s.when(s.advance()).gives()
	s.given(first.confirm()).when(first.attest()).refused("PARTICIPANT_ABSENT")
	s.when(with(first.attest(), "Reason", couldNotReach)).gives("AgreementAttested", "CustodyTransferred")
}

const couldNotReach = handoverv1.AttestReason_ATTEST_REASON_CHILD_UNREACHABLE

// TestABridgeWithoutTheChild is for danger alone, and for a child that is away.
func TestABridgeWithoutTheChild(t *testing.T) {
	without := with(first.bridge(), "Exception", unreachable)
	at(t, "BRIEFING").when(without).refused("CHILD_REQUIRED")
	at(t, "BRIEFING").given(dropsOut(bullying, "child")).when(without).refused("CHILD_REQUIRED")
	s := routed(t, imminent, emergency).looks().given(first.accept(), first.join())
	s.when(without).refused("CHILD_REQUIRED")
	s.given(dropsOut(bullying, "child")).when(without).gives("BridgeOpened").stands("BRIDGED RECEIVER 2m0s")
	s.when(s.advance()).gives()
	if got := handover.Of(s.state.Conversation).Current().BridgeException; got != unreachable {
		t.Errorf("recorded is %s", got)
	}
	at(t, "CONFIRMING").when(with(first.attest(), "Reason", couldNotReach)).refused("CHILD_REQUIRED")
}
