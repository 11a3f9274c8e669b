package deadline_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestAChildAtAClosedDoor: the line's duty contact is told once; when the door opens, the child waits as at any
// other.
func TestAChildAtAClosedDoor(t *testing.T) {
	s := story.AtDoor(t).Told(story.Bullying + " DOOR_CLOSED")
	if door := s.State.Conversation.ClosedDoor; len(door.GetOpenLines()) != 2 || door.OpeningTime == nil {
		t.Errorf("it is told %v", door)
	}
	s.When(s.LooksAt(s.Closed(time.Hour))).Gives()
	s.Passes(29*time.Minute).Told(story.Bullying+" DOOR_CLOSED").Wait(time.Minute).When(s.Advance()).Gives("DoorOpened", "CustodyAlerted")
	s.When(s.LooksAt(s.Closed(time.Hour))).Gives("DoorClosed", "SupervisorTold")
	s.When(s.LooksAt(story.Open)).Gives("DoorOpened")
}

// TestSomebodyAtAClosedDoor ends it, also a counsellor who is called in.
func TestSomebodyAtAClosedDoor(t *testing.T) {
	s := story.AtDoor(t).Given(story.Comes(story.Bullying, "kim"))
	if s.State.Conversation.ClosedDoor != nil {
		t.Error("the child still waits at a closed door")
	}
	s.When(s.LooksAt(s.Closed(time.Hour))).Gives()
	s = story.Begin(t).Given(story.OpenConversation(), story.DropsOut(story.Bullying, "child"))
	s.When(s.LooksAt(s.Closed(time.Hour))).Gives()
}

// TestInDangerAtAClosedDoor the duty contact is told again and again.
func TestInDangerAtAClosedDoor(t *testing.T) {
	s := story.AtDoor(t).Given(story.Risk(story.Bullying, story.Imminent))
	s.When(s.Advance()).Gives("SupervisorTold", "CustodyAlerted")
	s.Wait(time.Minute).When(s.Advance()).Gives("SupervisorTold", "CustodyAlerted")
}

// TestTheBridgeOpensAtAClosedDoor by itself, as soon as the receiver and the child are there, and the child
// agrees for itself.
func TestTheBridgeOpensAtAClosedDoor(t *testing.T) {
	for _, channel := range []handoverv1.Channel{story.Chat, story.Sms, story.Phone} {
		s := story.Begin(t).Given(story.Opening(channel))
		s.Given(s.LooksAt(s.Closed(time.Hour))).OnItsWay(story.First).When(s.Advance()).Gives()
		s.Given(story.First.Join()).When(s.Advance()).Gives("BridgeOpened")
		h := handover.Of(s.State.Conversation).Current()
		if h.BridgeException != handover.DoorClosed || h.BudgetDeadline != nil {
			t.Errorf("it opened with %s and a budget until %v", h.BridgeException, h.BudgetDeadline)
		}
		if h.Consent.Origin != 0 {
			t.Errorf("the child's yes is %s, want it its own", h.Consent.Origin)
		}
		s.Given(story.Writes(story.Emergency, "ola", story.All), story.Writes(story.Bullying, "child", story.All), story.First.Confirm())
		s.Given(story.First.Agree()).When(s.Advance()).Gives("CustodyTransferred")
	}
}

// TestAChildAwayFromAClosedDoor is waited for.
func TestAChildAwayFromAClosedDoor(t *testing.T) {
	s := story.AtDoor(t).OnItsWay(story.First).Given(story.DropsOut(story.Bullying, "child"), story.First.Join())
	s.When(s.Advance()).Gives("HandoverPaused")
	s.Given(story.ChildComes()).When(s.Advance()).Gives("HandoverResumed", "BridgeOpened")
}

// TestAReceiverAtAClosedDoorIsNotSentOut, and no budget asks a sender who is not there.
func TestAReceiverAtAClosedDoorIsNotSentOut(t *testing.T) {
	s := story.AtDoor(t).OnItsWay(story.First).Given(story.First.Join()).Looks().Wait(2 * time.Minute)
	s.When(s.Advance()).Gives("SenderLost")
	s.Wait(2 * time.Minute).When(s.Advance()).Gives("SenderLost")
	s.Given(story.DropsOut(story.Emergency, "ola")).When(s.Advance()).Gives("CustodyAlerted")
	s.Passes(2*time.Minute).Told(story.Bullying+" DOOR_CLOSED", story.Bullying+" WAITING", story.Bullying+" DOOR_CLOSED")
}

// TestNobodyComesToAClosedDoor: the duty contact is told, and nobody has anything to decide.
func TestNobodyComesToAClosedDoor(t *testing.T) {
	s := story.AtDoor(t).Given(story.ProposeAtDoor(story.Emergency)).Wait(30*time.Second - 1)
	s.When(s.Advance()).Gives()
	s.Wait(1).When(s.Advance()).Gives("HandoverReturned", "SupervisorTold")
	if h := handover.Of(s.State.Conversation).Current(); h.DecisionDue {
		t.Error("somebody who is not there must decide")
	}
	s.Given(story.ProposeAtDoor(story.Mind)).When(command.RefuseConsent{Line: story.Bullying, Handover: 2}).Gives("ConsentRefused")
	s.When(s.Advance()).Gives("HandoverReturned")
}

// TestALineThatDidNotAnswerAtAClosedDoor stays among those to which the child can go; one that declined does not.
func TestALineThatDidNotAnswerAtAClosedDoor(t *testing.T) {
	p := story.First
	asked := func() *story.Story {
		s := story.AtDoor(t)
		s.Rank = story.Plan(p.To)
		return s.Given(story.ProposeAtDoor(p.To), p.Ask(), p.Give(story.Intro)).Looks()
	}
	open := func(s *story.Story) int { return len(handover.Of(s.State.Conversation).OpenLines()) }
	if n := open(asked().Offers(story.Emergency + " SENT").Passes(5 * time.Minute)); n != 2 {
		t.Errorf("after no answer %d lines are open, want 2", n)
	}
	if n := open(asked().Given(p.Decline()).Looks()); n != 1 {
		t.Errorf("after a no %d lines are open, want 1", n)
	}
}

// TestProposalsAtAClosedDoor name the line that the child chose, and need the child.
func TestProposalsAtAClosedDoor(t *testing.T) {
	s := story.AtDoor(t)
	s.When(story.ProposeAtDoor()).Refused("FIELD_INVALID")
	s.Given(story.DropsOut(story.Bullying, "child")).When(story.ProposeAtDoor(story.Mind)).Refused("PARTICIPANT_ABSENT")
	story.Begin(t).Given(story.OpenConversation()).When(story.ProposeAtDoor(story.Mind)).Refused("PARTICIPANT_ABSENT")
}
