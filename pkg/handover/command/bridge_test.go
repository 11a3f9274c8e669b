package command_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/internal/story"
)

func TestBridgeNeedsAllThree(t *testing.T) {
	s := story.At(t, "BRIEFING").Given(story.DropsOut(story.Emergency, "ola"))
	s.When(story.First.Bridge()).Refused("PARTICIPANT_ABSENT")
	s = story.At(t, "BRIEFING").Given(story.DropsOut(story.Bullying, "kim"))
	s.When(story.First.Bridge()).Refused("PARTICIPANT_ABSENT")
	s = story.At(t, "BRIEFING").Given(story.Leaves(story.Bullying, "child"))
	s.When(story.First.Bridge()).Refused("PARTICIPANT_ABSENT")
	s.Given(story.ChildComes()).When(story.First.Bridge()).Gives("BridgeOpened")
}

func TestChildDoesNotIntroduce(t *testing.T) {
	story.At(t, "BRIEFING").When(story.With(story.First.Bridge(), "Participant", "child")).Refused("PARTICIPANT_NOT_COUNSELLOR")
}

func TestBridgeNamesWhoIsThere(t *testing.T) {
	o := story.At(t, "BRIEFING").Given(story.Comes(story.Emergency, "eva"), story.DropsOut(story.Emergency, "ola")).When(story.First.Bridge())
	opened := o.Decision.Events[0].GetBridgeOpened()
	if opened.SenderParticipant != "kim" || opened.ReceiverParticipant != "eva" || opened.ChildParticipant != "child" {
		t.Errorf("the bridge names %v, want kim, eva and child", opened)
	}
}

func TestReceiverJoinsOnce(t *testing.T) {
	s := story.At(t, "ACCEPTED").Given(story.First.Join())
	s.When(story.With(story.First.Join(), "Participant", "eva")).Refused("RECEIVER_JOINED")
	s.When(story.Comes(story.Emergency, "eva")).Gives("ParticipantJoined")
}

func TestBriefingNeedsTheReceiver(t *testing.T) {
	story.At(t, "ACCEPTED").Given(story.First.Join(), story.DropsOut(story.Emergency, "ola")).When(story.First.Brief()).Refused("PARTICIPANT_ABSENT")
}

func TestConfirmingNeedsSomebodyOfTheReceiver(t *testing.T) {
	s := story.At(t, "BRIDGED")
	s.When(story.With(story.First.Confirm(), "Participant", "eva")).Refused("PARTICIPANT_ABSENT")
	s.When(story.With(story.First.Confirm(), "Participant", "kim")).Refused("PARTICIPANT_ABSENT")
	s.Given(story.DropsOut(story.Emergency, "ola")).When(story.First.Confirm()).Refused("PARTICIPANT_ABSENT")
	s.Given(story.Comes(story.Emergency, "eva")).When(story.With(story.First.Confirm(), "Participant", "eva")).Gives("ReceiverConfirmed")
}

func TestAttestingNeedsTheReceiver(t *testing.T) {
	story.At(t, "CONFIRMING").Given(story.DropsOut(story.Emergency, "ola")).When(story.First.Attest()).Refused("PARTICIPANT_ABSENT")
}

func TestChildAgreesOnce(t *testing.T) {
	story.At(t, "CONFIRMING").Given(story.First.Agree()).When(story.First.Agree()).Refused("ALREADY_AGREED")
}

// TestChildDoesNotSpeakForALine: at the line whose door it came through the child
// has a pseudonym too, and that line may be the receiver.
func TestChildDoesNotSpeakForALine(t *testing.T) {
	s := story.Again(t, story.Back, "ACCEPTED")
	s.When(story.With(story.Back.Join(), "Participant", "child")).Refused("PSEUDONYM_TAKEN")
	s.Given(story.Back.Join(), story.Back.Bridge()).When(story.With(story.Back.Confirm(), "Participant", "child")).Refused("PARTICIPANT_NOT_COUNSELLOR")
}

func TestChainOfTwo(t *testing.T) {
	s := story.Again(t, story.Second, "AWAITING_OUTCOME")
	if c := s.State.Conversation.Custody; c.Line != story.Mind || c.Epoch != 3 {
		t.Errorf("custody is %v, want %s in epoch 3", c, story.Mind)
	}
}

func TestBackToTheFirstLine(t *testing.T) {
	s := story.Again(t, story.Back, "CLOSED")
	if c := s.State.Conversation.Custody; c.Line != story.Bullying || c.Epoch != 3 {
		t.Errorf("custody is %v, want %s in epoch 3", c, story.Bullying)
	}
	if !handover.Of(s.State.Conversation).Child().Present {
		t.Error("the child went away")
	}
}

// TestReturnedHandoverIsNoHop: a handover that failed does not count as a hop.
func TestReturnedHandoverIsNoHop(t *testing.T) {
	s := story.At(t, "RETURNED").Wait(time.Hour)
	for n := uint32(2); n < 5; n++ {
		s.Given(story.First.Propose(), story.Of(n, story.First.Cancel()))
	}
	s.When(story.First.Propose()).Gives("HandoverProposed")
}
