package deadline_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/internal/story"
)

// withoutSender is the receiver's way into the bridge.
var withoutSender = story.First.BridgeAlone()

// TestTheReceiverGoesOnWithoutTheSender: 30 s after the sender's last person went, the
// receiver opens the bridge, writes and says "I have it", and the child agrees for itself.
func TestTheReceiverGoesOnWithoutTheSender(t *testing.T) {
	for _, state := range []string{"ACCEPTED", "BRIEFING"} {
		s := story.At(t, state)
		if state == "ACCEPTED" {
			s.Given(story.First.Join())
		}
		s.Given(story.DropsOut(story.Bullying, "kim")).When(s.Advance()).Gives("CustodyAlerted", "SenderLost")
		s.Stands(state + " RECEIVER 2m30s").When(withoutSender).Refused("SENDER_NOT_LOST")
		s.Passes(30*time.Second - 1).When(withoutSender).Refused("SENDER_NOT_LOST")
		s.Passes(1).When(withoutSender).Gives("BridgeOpened").Stands("BRIDGED RECEIVER 2m0s")
		s.Given(story.Writes(story.Emergency, "ola", story.All), story.First.Confirm()).Stands("CONFIRMING CHILD 1m30s")
		s.When(story.First.Attest()).Refused("CHILD_REQUIRED")
		s.Given(story.First.Agree()).When(s.Advance()).Gives("CustodyTransferred")
	}
}

// TestTheReceiverIsNotSentOut while nobody of the sender is with the child, however long
// that lasts.
func TestTheReceiverIsNotSentOut(t *testing.T) {
	for _, state := range []string{"BRIEFING", "BRIDGED", "CONFIRMING"} {
		s := story.At(t, state).Given(story.DropsOut(story.Bullying, "kim")).Passes(20 * time.Minute)
		if c := handover.Of(s.State.Conversation); c.Counsellors(story.Emergency) != 1 || c.Current().State != story.StateOf(state) {
			t.Errorf("%s: the handover is %s and %d of the receiver are there", state, c.Current().State, c.Counsellors(story.Emergency))
		}
	}
}

// TestTheSenderComesBack, and opens the bridge itself; when it is gone once more, its time
// begins again.
func TestTheSenderComesBack(t *testing.T) {
	s := story.At(t, "BRIEFING").Given(story.DropsOut(story.Bullying, "kim")).Passes(40 * time.Second)
	s.Given(story.Comes(story.Bullying, "per")).Stands("BRIEFING SENDER 1m50s").When(withoutSender).Refused("SENDER_NOT_LOST")
	s.Given(story.DropsOut(story.Bullying, "per")).Passes(29 * time.Second).When(withoutSender).Refused("SENDER_NOT_LOST")
	s.Given(story.Comes(story.Bullying, "kim")).When(story.First.Bridge()).Gives("BridgeOpened")
}

// TestNobodyIsLost where the receiver or the child is not there, or answers take hours.
func TestNobodyIsLost(t *testing.T) {
	for name, goes := range map[string]decide.Command{
		"the receiver": story.DropsOut(story.Emergency, "ola"), "the child": story.DropsOut(story.Bullying, "child"),
	} {
		s := story.At(t, "BRIEFING").Given(goes, story.DropsOut(story.Bullying, "kim")).Passes(time.Minute)
		if h := handover.Of(s.State.Conversation).Current(); h.SenderLost || h.BridgeTime != nil {
			t.Errorf("%s is not there, and the handover says %v", name, h)
		}
		if o := s.When(withoutSender); o.Err == nil {
			t.Errorf("%s is not there, and the bridge opens", name)
		}
	}
	s := story.Slowly(t, story.Sms, "BRIEFING").Given(story.DropsOut(story.Bullying, "kim")).Passes(time.Minute)
	s.When(withoutSender).Refused("SENDER_NOT_LOST")
}

// TestOnlyTheReceiverGoesOnWithoutTheSender.
func TestOnlyTheReceiverGoesOnWithoutTheSender(t *testing.T) {
	s := story.At(t, "BRIEFING").Given(story.DropsOut(story.Bullying, "kim")).Passes(time.Minute)
	s.When(story.By(story.Bullying, withoutSender)).Refused("NOT_THE_RECEIVER")
	s.When(story.By(story.Mind, withoutSender)).Refused("CONVERSATION_NOT_YOURS")
	s.When(story.With(withoutSender, "Participant", "eva")).Refused("PARTICIPANT_ABSENT")
}

// TestAChildWithdrawsFromAReceiverWhoIsAlone: its no counts more.
func TestAChildWithdrawsFromAReceiverWhoIsAlone(t *testing.T) {
	s := story.At(t, "BRIEFING").Given(story.DropsOut(story.Bullying, "kim")).Passes(time.Minute).Given(story.First.Withdraw())
	s.When(s.Advance()).Gives("HandoverReturned").Returned("CONSENT_WITHDRAWN")
}
