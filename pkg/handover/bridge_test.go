package handover_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
)

func TestBridgeNeedsAllThree(t *testing.T) {
	s := at(t, "BRIEFING").given(dropsOut(emergency, "ola"))
	s.when(first.bridge()).refused("PARTICIPANT_ABSENT")
	s = at(t, "BRIEFING").given(dropsOut(bullying, "kim"))
	s.when(first.bridge()).refused("PARTICIPANT_ABSENT")
	s = at(t, "BRIEFING").given(leaves(bullying, "child"))
	s.when(first.bridge()).refused("PARTICIPANT_ABSENT")
	s.given(childComes()).when(first.bridge()).gives("BridgeOpened")
}

func TestChildDoesNotIntroduce(t *testing.T) {
	at(t, "BRIEFING").when(with(first.bridge(), "Participant", "child")).refused("PARTICIPANT_NOT_COUNSELLOR")
}

func TestBridgeNamesWhoIsThere(t *testing.T) {
	o := at(t, "BRIEFING").given(comes(emergency, "eva"), dropsOut(emergency, "ola")).when(first.bridge())
	opened := o.decision.Events[0].GetBridgeOpened()
	if opened.SenderParticipant != "kim" || opened.ReceiverParticipant != "eva" || opened.ChildParticipant != "child" {
		t.Errorf("the bridge names %v, want kim, eva and child", opened)
	}
}

func TestReceiverJoinsOnce(t *testing.T) {
	s := at(t, "ACCEPTED").given(first.join())
	s.when(with(first.join(), "Participant", "eva")).refused("RECEIVER_JOINED")
	s.when(comes(emergency, "eva")).gives("ParticipantJoined")
}

func TestBriefingNeedsTheReceiver(t *testing.T) {
	at(t, "ACCEPTED").given(first.join(), dropsOut(emergency, "ola")).when(first.brief()).refused("PARTICIPANT_ABSENT")
}

func TestConfirmingNeedsSomebodyOfTheReceiver(t *testing.T) {
	s := at(t, "BRIDGED")
	s.when(with(first.confirm(), "Participant", "eva")).refused("PARTICIPANT_ABSENT")
	s.when(with(first.confirm(), "Participant", "kim")).refused("PARTICIPANT_ABSENT")
	s.given(dropsOut(emergency, "ola")).when(first.confirm()).refused("PARTICIPANT_ABSENT")
	s.given(comes(emergency, "eva")).when(with(first.confirm(), "Participant", "eva")).gives("ReceiverConfirmed")
}

func TestAttestingNeedsTheReceiver(t *testing.T) {
	at(t, "CONFIRMING").given(dropsOut(emergency, "ola")).when(first.attest()).refused("PARTICIPANT_ABSENT")
}

func TestChildAgreesOnce(t *testing.T) {
	at(t, "CONFIRMING").given(first.agree()).when(first.agree()).refused("ALREADY_AGREED")
}

// TestChildDoesNotSpeakForALine: at the line whose door it came through the child
// has a pseudonym too, and that line may be the receiver.
func TestChildDoesNotSpeakForALine(t *testing.T) {
	s := again(t, back, "ACCEPTED")
	s.when(with(back.join(), "Participant", "child")).refused("PSEUDONYM_TAKEN")
	s.given(back.join(), back.bridge()).when(with(back.confirm(), "Participant", "child")).refused("PARTICIPANT_NOT_COUNSELLOR")
}

func TestChainOfTwo(t *testing.T) {
	s := again(t, second, "AWAITING_OUTCOME")
	if c := s.state.Conversation.Custody; c.Line != mind || c.Epoch != 3 {
		t.Errorf("custody is %v, want %s in epoch 3", c, mind)
	}
}

func TestBackToTheFirstLine(t *testing.T) {
	s := again(t, back, "CLOSED")
	if c := s.state.Conversation.Custody; c.Line != bullying || c.Epoch != 3 {
		t.Errorf("custody is %v, want %s in epoch 3", c, bullying)
	}
	if !handover.Of(s.state.Conversation).Child().Present {
		t.Error("the child went away")
	}
}

// TestReturnedHandoverIsNoHop: a handover that failed does not count as a hop.
func TestReturnedHandoverIsNoHop(t *testing.T) {
	s := at(t, "RETURNED").wait(time.Hour)
	for n := uint32(2); n < 5; n++ {
		s.given(first.propose(), of(n, first.cancel()))
	}
	s.when(first.propose()).gives("HandoverProposed")
}
