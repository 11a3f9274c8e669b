package deadline_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// gone is a child who has disconnected or left.
var gone = map[string]decide.Command{"cut off": story.DropsOut(story.Bullying, "child"), "left": story.Leaves(story.Bullying, "child")}

// waitsFor is how a handover stands while the child is away, and once it is back.
var waitsFor = map[string]struct{ away, back string }{
	"PROPOSED":      {"PROPOSED CHILD 15m0s", "PROPOSED SENDER 10m0s"},
	"CONSENT_ASKED": {"CONSENT_ASKED CHILD 15m0s", "CONSENT_ASKED CHILD 5m0s"},
	"OFFERED":       {"OFFERED RECEIVER 45s", "OFFERED RECEIVER 44s"},
	"ACCEPTED":      {"ACCEPTED RECEIVER 30s", "ACCEPTED RECEIVER 29s"},
	"BRIEFING":      {"BRIEFING CHILD 15m0s", "BRIEFING SENDER 2m0s"},
	"BRIDGED":       {"BRIDGED CHILD 15m0s", "BRIDGED RECEIVER 2m0s"},
	"CONFIRMING":    {"CONFIRMING CHILD 15m0s", "CONFIRMING CHILD 1m30s"},
}

// TestAHandoverWaitsForTheChild and goes on when it is back, with the step's whole
// time again where the step needs the child.
func TestAHandoverWaitsForTheChild(t *testing.T) {
	for state, want := range waitsFor {
		for how, goes := range gone {
			t.Run(state+" "+how, func(t *testing.T) {
				s := story.At(t, state).Given(goes)
				if due, waiting := deadline.Due(s.State.Conversation); !waiting || due != deadline.AtOnce {
					t.Errorf("due at %s (%t), want at once", due, waiting)
				}
				s.When(s.Advance()).Gives("HandoverPaused").Stands(want.away)
				s.When(s.Advance()).Gives()
				s.Wait(time.Second).Given(story.ChildComes())
				s.When(s.Advance()).Gives("HandoverResumed").Stands(want.back)
				s.When(s.Advance()).Gives()
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
				s := story.At(t, state).Given(goes).Wait(10 * time.Minute)
				s.When(s.Advance()).Gives("HandoverPaused")
				s.Wait(5*time.Minute - time.Nanosecond).When(s.Advance()).Gives()
				o := s.Wait(time.Nanosecond).When(s.Advance())
				o.Gives("HandoverAbandoned").Stands("ABANDONED UNSPECIFIED").Returned("UNSPECIFIED")
				if a := o.Decision.Events[0].GetHandoverAbandoned(); a.Stage != story.StateOf(state) || a.CustodyLine != story.Bullying {
					t.Errorf("it says %v", a)
				}
				if got := handover.Of(s.State.Conversation).Current().AbandonedStage; got != story.StateOf(state) {
					t.Errorf("the stage is %s", got)
				}
				if n := handover.Of(s.State.Conversation).Counsellors(story.Emergency); n != 0 {
					t.Errorf("%d of the receiver are still there", n)
				}
				s.When(s.Advance()).Gives()
			})
		}
	}
}

// TestAPlatformThatWasAwayWhileTheChildWas does all of it, once.
func TestAPlatformThatWasAwayWhileTheChildWas(t *testing.T) {
	s := story.At(t, "BRIDGED").Given(story.Leaves(story.Bullying, "child")).Wait(24 * time.Hour)
	s.When(s.Advance()).Gives("HandoverPaused", "HandoverAbandoned")
	s.When(s.Advance()).Gives()
}

// TestLinesGoOnBeingAskedWhileTheChildIsAway: it may come back before one answers.
func TestLinesGoOnBeingAskedWhileTheChildIsAway(t *testing.T) {
	s := story.At(t, "OFFERED").Given(story.First.Seen(), story.Leaves(story.Bullying, "child")).Looks()
	s.Wait(45*time.Second).When(s.Advance()).Gives("OfferTimedOut", "OfferSent")
	s.Given(story.First.AcceptBy(story.Mind, 2), command.JoinHandover{Line: story.Mind, Handover: 1, Participant: "siv"})
	s.Stands("ACCEPTED CHILD 14m15s").When(story.First.Bridge()).Refused("PARTICIPANT_ABSENT")
	s.Given(story.ChildComes(), s.Advance()).Stands("ACCEPTED SENDER 2m0s").When(story.First.Bridge()).Gives("BridgeOpened")
}

// TestAbandonedWhileLinesAreAsked: their offers end with it.
func TestAbandonedWhileLinesAreAsked(t *testing.T) {
	s := story.At(t, "OFFERED")
	s.Rules.Away = 10 * time.Second
	s.Given(story.First.Seen(), story.Leaves(story.Bullying, "child"), s.Advance()).Wait(10 * time.Second)
	s.When(s.Advance()).Gives("OfferWithdrawn", "HandoverAbandoned").Offers(story.Emergency+" WITHDRAWN", story.Mind+" WITHDRAWN").Unleased()
	s.When(story.First.Accept()).Refused("TOO_LATE")
}

// TestTheBudgetWaitsToo: it is as much longer as the child was away, and is not
// spent meanwhile.
func TestTheBudgetWaitsToo(t *testing.T) {
	for _, state := range []string{"OFFERED", "ACCEPTED", "BRIDGED"} {
		s := story.At(t, state)
		s.Given(story.Leaves(story.Bullying, "child"), s.Advance()).Wait(20 * time.Second)
		s.Given(story.ChildComes(), s.Advance())
		if left := handover.Of(s.State.Conversation).Current().BudgetDeadline.AsTime().Sub(s.Now); left != 180*time.Second {
			t.Errorf("in %s the budget is %s, want the 3m0s that were left", state, left)
		}
	}
	s := story.At(t, "ROUTING")
	s.Rules.Live.Join = time.Hour
	s.Given(s.Advance(), story.First.Accept(), story.Leaves(story.Bullying, "child"), s.Advance()).Wait(4 * time.Minute)
	s.When(s.Advance()).Gives()
}

// TestTheChildAgreedAndWentAway: it has said yes to the end.
func TestTheChildAgreedAndWentAway(t *testing.T) {
	s := story.At(t, "CONFIRMING").Given(story.First.Agree(), story.Leaves(story.Bullying, "child"))
	s.When(s.Advance()).Gives("HandoverPaused", "CustodyTransferred").Stands("TRANSFERRED SENDER 1m0s")
	s.Wait(time.Minute).When(s.Advance()).Gives("SenderLeft")
}

// TestANoWhileAway is still at once.
func TestANoWhileAway(t *testing.T) {
	s := story.At(t, "BRIDGED").Given(story.Leaves(story.Bullying, "child")).Looks()
	s.When(story.First.Withdraw()).Gives("ConsentWithdrawn").Stands("BRIDGED PLATFORM 0s")
	s.When(s.Advance()).Gives("HandoverReturned").Returned("CONSENT_WITHDRAWN")
}

// TestAnEndedHandoverDoesNotWait for anybody.
func TestAnEndedHandoverDoesNotWait(t *testing.T) {
	for _, state := range []string{"TRANSFERRED", "AWAITING_OUTCOME", "CLOSED", "SIGNPOSTED", "CANCEL_CONFIRMED"} {
		s := story.At(t, state).Given(story.Leaves(story.Bullying, "child"))
		s.When(s.Advance()).Gives()
	}
}

// TestAnOverrideGoesOnWithoutTheChild, with a budget that begins then.
func TestAnOverrideGoesOnWithoutTheChild(t *testing.T) {
	s := story.At(t, "CONSENT_ASKED").Given(story.Risk(story.Bullying, story.Serious), story.DropsOut(story.Bullying, "child")).Looks().Given(story.Searches(story.Bullying, "kim")).Wait(10 * time.Minute)
	s.When(story.First.Override()).Gives("ConsentOverridden").Stands("ROUTING PLATFORM 2s")
	s.When(s.Advance()).Gives("HandoverRouted", "OfferSent")
	if left := handover.Of(s.State.Conversation).Current().BudgetDeadline.AsTime().Sub(s.Now); left != 180*time.Second {
		t.Errorf("the budget is %s, want 3m0s", left)
	}
	s.Given(story.First.Accept(), story.First.Join()).When(story.First.Bridge()).Refused("PARTICIPANT_ABSENT")
	s.When(story.With(story.First.Bridge(), "Exception", story.Unreachable)).Gives("BridgeOpened")
	s.When(s.Advance()).Gives()
	s.Given(story.First.Confirm()).When(story.First.Attest()).Refused("PARTICIPANT_ABSENT")
	s.When(story.With(story.First.Attest(), "Reason", couldNotReach)).Gives("AgreementAttested", "CustodyTransferred")
}

const couldNotReach = handoverv1.AttestReason_ATTEST_REASON_CHILD_UNREACHABLE

// TestABridgeWithoutTheChild is for danger alone, and for a child that is away.
func TestABridgeWithoutTheChild(t *testing.T) {
	without := story.With(story.First.Bridge(), "Exception", story.Unreachable)
	story.At(t, "BRIEFING").When(without).Refused("CHILD_REQUIRED")
	story.At(t, "BRIEFING").Given(story.DropsOut(story.Bullying, "child")).When(without).Refused("CHILD_REQUIRED")
	s := story.Routed(t, story.Imminent, story.Emergency).Looks().Given(story.First.Accept(), story.First.Join())
	s.When(without).Refused("CHILD_REQUIRED")
	s.Given(story.DropsOut(story.Bullying, "child")).When(without).Gives("BridgeOpened").Stands("BRIDGED RECEIVER 2m0s")
	s.When(s.Advance()).Gives("SupervisorTold").When(s.Advance()).Gives()
	if got := handover.Of(s.State.Conversation).Current().BridgeException; got != story.Unreachable {
		t.Errorf("recorded is %s", got)
	}
	story.At(t, "CONFIRMING").When(story.With(story.First.Attest(), "Reason", couldNotReach)).Refused("CHILD_REQUIRED")
}
