package command_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/internal/story"
)

// decides are the states in which the sender may be asked to decide.
var decides = []string{"ACCEPTED", "BRIEFING", "BRIDGED"}

// TestTheBudgetIsSpent: the sender decides, or after 30 seconds a supervisor is
// told, once. The handover goes on meanwhile.
func TestTheBudgetIsSpent(t *testing.T) {
	for _, state := range decides {
		s := story.Spent(t, state)
		if got := story.Short(handover.Of(s.State.Conversation).Current().State); got != state {
			t.Errorf("in %s it went to %s", state, got)
		}
		s.Wait(30*time.Second - 1).When(s.Advance()).Gives()
		s.Wait(1).When(s.Advance()).Gives("SupervisorTold").Told(story.Bullying + " NO_DECISION")
		s.Wait(time.Minute).When(s.Advance()).Gives()
		s.When(story.First.Decide(story.Stay)).Gives("SenderDecided", "HandoverReturned").Returned("BUDGET_SPENT")
	}
}

func TestTheSenderGoesOn(t *testing.T) {
	for _, state := range decides {
		s := story.Spent(t, state)
		s.When(story.By(story.Emergency, story.First.Decide(story.GoesOn))).Refused("NOT_THE_SENDER")
		s.When(story.First.Decide(story.GoesOn)).Gives("SenderDecided")
		s.When(story.First.Decide(story.GoesOn)).Refused("NOTHING_TO_DECIDE")
		s.Wait(3*time.Minute - 1).When(s.Advance()).Gives()
		s.Wait(1).When(s.Advance()).Gives("BudgetSpent")
	}
}

// TestTheSenderStays: then nothing is left to be decided, and nobody is told.
func TestTheSenderStays(t *testing.T) {
	s := story.Spent(t, "BRIDGED").Given(story.First.Decide(story.Stay))
	s.Stands("RETURNED UNSPECIFIED").Wait(time.Hour).When(s.Advance()).Gives()
	s.When(story.First.Decide(story.Stay)).Refused("NOTHING_TO_DECIDE")
}

// TestTheReceiversWordSettlesIt: once the receiver has confirmed, the sender has nothing left to decide.
func TestTheReceiversWordSettlesIt(t *testing.T) {
	s := story.Spent(t, "BRIDGED").Given(story.First.Confirm())
	h := handover.Of(s.State.Conversation).Current()
	if h.DecisionDue || h.DecisionDeadline != nil || h.BudgetDeadline != nil {
		t.Errorf("it is %v", h)
	}
	s.Wait(30 * time.Second).When(s.Advance()).Gives()
}

// TestAReturnIsTheSendersToDecide, unless the child wished it so.
func TestAReturnIsTheSendersToDecide(t *testing.T) {
	s := story.At(t, "ACCEPTED").Wait(30 * time.Second).Looks().Returned("NO_JOIN").Stands("RETURNED SENDER")
	s.When(story.First.Decide(story.GoesOn)).Refused("HANDOVER_STATE")
	s.Wait(30*time.Second - 1).When(s.Advance()).Gives()
	s.Wait(1).When(s.Advance()).Gives("SupervisorTold").Told(story.Bullying + " NO_DECISION")
	s.When(s.Advance()).Gives()
	s.When(story.First.Decide(story.Stay)).Gives("SenderDecided").Stands("RETURNED UNSPECIFIED")

	for _, wish := range []*story.Story{story.At(t, "CONSENT_ASKED").Given(story.First.Refuse()), story.At(t, "OFFERED").Given(story.First.Withdraw())} {
		wish.Looks().Stands("RETURNED UNSPECIFIED").When(story.First.Decide(story.Stay)).Refused("NOTHING_TO_DECIDE")
		wish.Wait(time.Hour).When(wish.Advance()).Gives()
	}
}

// TestASilentChildIsTheSendersToDecideAbout: it has not wished anything.
func TestASilentChildIsTheSendersToDecideAbout(t *testing.T) {
	s := story.At(t, "CONSENT_ASKED").Passes(5 * time.Minute).Returned("CONSENT_UNANSWERED").Stands("RETURNED SENDER")
	s.Wait(30*time.Second - 1).When(s.Advance()).Gives()
	s.Wait(1).When(s.Advance()).Gives("SupervisorTold").Told(story.Bullying + " NO_DECISION")
	s.When(story.First.Decide(story.Stay)).Gives("SenderDecided").Stands("RETURNED UNSPECIFIED")
}

// TestANewHandoverIsADecision: no supervisor is told about the one before.
func TestANewHandoverIsADecision(t *testing.T) {
	s := story.At(t, "RETURNED").Given(story.First.Propose()).Wait(10*time.Minute - 1)
	s.When(s.Advance()).Gives()
	if h := s.State.Conversation.Handovers[0]; h.DecisionDue || h.NextActor != 0 {
		t.Errorf("of the first is still due: %v", h)
	}
}

func TestACloseIsADecision(t *testing.T) {
	s := story.At(t, "RETURNED")
	s.When(story.Closes(story.Bullying)).Refused("HANDOVER_UNFINISHED")
	s.When(s.Signs(story.Closes(story.Bullying), "kim", "kim")).Refused("SECOND_PERSON_MISSING")
	s.Given(s.Signs(story.Closes(story.Bullying), "kim", "per")).Wait(time.Hour)
	s.When(s.Advance()).Gives()
}

// TestADowntimeTellsTheSupervisorOnce, counted from when the platform is back.
func TestADowntimeTellsTheSupervisorOnce(t *testing.T) {
	s := story.At(t, "ACCEPTED").Wait(24 * time.Hour)
	s.When(s.Advance()).Gives("HandoverReturned")
	s.Wait(24 * time.Hour).When(s.Advance()).Gives("SupervisorTold")
	s.Wait(24 * time.Hour).When(s.Advance()).Gives()
}

// TestTheChildIsReminded after half of its time, once.
func TestTheChildIsReminded(t *testing.T) {
	s := story.At(t, "CONSENT_ASKED").Wait(150*time.Second - 1)
	s.When(s.Advance()).Gives()
	s.Wait(1).When(s.Advance()).Gives("ConsentReminded").Stands("CONSENT_ASKED CHILD 2m30s")
	s.Wait(2 * time.Minute).When(s.Advance()).Gives()
	s.When(story.First.Give(story.Intro)).Gives("ConsentGiven")

	s = story.At(t, "CONSENT_ASKED").Given(story.First.Give(story.Intro))
	if h := handover.Of(s.State.Conversation).Current(); h.RemindTime != nil {
		t.Error("it is still to be reminded")
	}
}

// TestAReminderIsNotMadeUpFor where the time to answer is over.
func TestAReminderIsNotMadeUpFor(t *testing.T) {
	s := story.At(t, "CONSENT_ASKED").Wait(5 * time.Minute)
	s.When(s.Advance()).Gives("HandoverReturned").Returned("CONSENT_UNANSWERED")
}

// TestAnAbsentChildIsNotReminded: it is when it is back.
func TestAnAbsentChildIsNotReminded(t *testing.T) {
	s := story.At(t, "CONSENT_ASKED").Given(story.DropsOut(story.Bullying, "child")).Looks().Wait(3 * time.Minute)
	s.When(s.Advance()).Gives()
	s.Given(story.ChildComes()).When(s.Advance()).Gives("HandoverResumed", "ConsentReminded").Stands("CONSENT_ASKED CHILD 5m0s")
}
