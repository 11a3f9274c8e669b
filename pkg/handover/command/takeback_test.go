package command_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/internal/story"
)

// TestTheSenderTakesBack a child whose receiver is gone: after 30 s, with a new epoch, and
// neither move counts as a hop.
func TestTheSenderTakesBack(t *testing.T) {
	back := story.First.TakeBack(story.ReceiverLost)
	s := story.At(t, "TRANSFERRED")
	s.When(back).Refused("RECEIVER_NOT_LOST")
	s.Given(story.DropsOut(story.Emergency, "ola")).Passes(30*time.Second - 1).When(back).Refused("RECEIVER_NOT_LOST")
	s.Given(story.CallsHelp(story.Bullying, "kim"))
	s.Passes(1).When(back).Gives("CustodyTransferred").Stands("REVERSED UNSPECIFIED")
	if c := s.State.Conversation.Custody; c.Line != story.Bullying || c.Epoch != 3 {
		t.Errorf("custody is %v, want %s in epoch 3", c, story.Bullying)
	}
	s.When(story.Comes(story.Emergency, "ola")).Refused("CUSTODY_NOT_YOURS")
	s.Given(story.HelpCame(story.Bullying, "kim"), story.First.Propose())
	if h := handover.Of(s.State.Conversation).Current(); h.Hop != 1 || h.SupervisorNeeded {
		t.Errorf("the next handover is transfer %d", h.Hop)
	}
	if asked := handover.Of(s.State.Conversation).AskedBefore(); !asked[story.Emergency] {
		t.Errorf("the receiver who was lost may be asked again: %v", asked)
	}
}

// TestAChildAsksToStay: the sender takes it back, or leaves; until then the overlap lasts.
func TestAChildAsksToStay(t *testing.T) {
	back := story.First.TakeBack(story.ChildAsked)
	s := story.At(t, "TRANSFERRED")
	s.When(back).Refused("NOT_ASKED_TO_STAY")
	s.When(story.First.AskToStay()).Gives("StayAsked")
	s.When(story.First.AskToStay()).Gives()
	s.Passes(10 * time.Minute).Told(story.Bullying + " NO_DECISION").Stands("TRANSFERRED SENDER 1m0s")
	s.When(back).Gives("CustodyTransferred")
	if h := handover.Of(s.State.Conversation).Current(); h.ReverseReason != story.ChildAsked || h.State != handover.Reversed {
		t.Errorf("the handover is %s for %s", h.State, h.ReverseReason)
	}
	s = story.At(t, "TRANSFERRED").Given(story.First.AskToStay())
	s.When(story.First.Leave()).Gives("SenderLeft")
	s.When(story.First.AskToStay()).Refused("HANDOVER_STATE")
}

// TestTakingBackEndsWhatTheReceiverBegan in the overlap.
func TestTakingBackEndsWhatTheReceiverBegan(t *testing.T) {
	s := story.At(t, "TRANSFERRED").Given(story.First.AskToStay(), story.Second.Propose())
	s.When(story.First.TakeBack(story.ChildAsked)).Gives("HandoverReturned", "CustodyTransferred")
	if why := handover.Of(s.State.Conversation).Current().ReturnReason; story.Short(why) != "REVERSED" {
		t.Errorf("what the receiver began came back for %s", why)
	}
	s.Stands("RETURNED UNSPECIFIED").Passes(time.Hour).Given(story.First.Propose())
}

// TestAPromiseFollowsCustody: what the receiver promised to the child in the overlap is the sender's
// to keep, and what it had to decide is settled.
func TestAPromiseFollowsCustody(t *testing.T) {
	s := story.At(t, "TRANSFERRED").Given(story.First.AskToStay(), story.Second.Propose(), story.Second.DeferUntil(story.Evening.Add(time.Hour)))
	s.Given(story.First.TakeBack(story.ChildAsked)).StillPromisedIn(2, story.Bullying)
	s.When(story.Of(2, story.First.Cancel())).Gives("HandoverCancelled")

	s = story.At(t, "TRANSFERRED").Given(story.First.AskToStay(), story.Second.Propose(), story.Second.Ask()).Passes(5 * time.Minute)
	s.Returned("CONSENT_UNANSWERED").Given(story.First.TakeBack(story.ChildAsked)).Stands("RETURNED UNSPECIFIED")
	s.Passes(time.Hour).Told(story.Bullying + " NO_DECISION")
}

// TestNothingFollowsFromWhatWasTakenBack, although the sender had accepted the child.
func TestNothingFollowsFromWhatWasTakenBack(t *testing.T) {
	s := story.At(t, "TRANSFERRED").Given(story.First.AskToStay())
	s.Rank = story.Plan(story.Bullying)
	s.To(story.Back, story.StateOf("ACCEPTED")).Given(story.First.TakeBack(story.ChildAsked), story.First.Propose())
	if h := handover.Of(s.State.Conversation).Current(); h.Parent != 0 || h.Hop != 1 {
		t.Errorf("it follows from %d and is transfer %d", h.Parent, h.Hop)
	}
}

// TestNothingGoesBack without the child's leg, without a counsellor, or in slow writing while nobody
// is expected to be there.
func TestNothingGoesBack(t *testing.T) {
	s := story.At(t, "TRANSFERRED").Given(story.First.AskToStay(), story.Issue(story.Emergency, story.Emergency),
		story.Claim(story.Emergency), story.Answer(story.Emergency, "ola"))
	s.When(story.First.TakeBack(story.ChildAsked)).Refused("LEG_NOT_YOURS")
	s = story.At(t, "TRANSFERRED").Given(story.First.AskToStay(), story.DropsOut(story.Bullying, "kim"))
	s.When(story.First.TakeBack(story.ChildAsked)).Refused("PARTICIPANT_ABSENT")
	s = story.Slowly(t, story.Sms, "TRANSFERRED").Given(story.DropsOut(story.Emergency, "ola")).Passes(time.Minute)
	s.When(story.First.TakeBack(story.ReceiverLost)).Refused("RECEIVER_NOT_LOST")
}
