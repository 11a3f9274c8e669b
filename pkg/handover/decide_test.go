package handover_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
)

// spent is a handover in a state whose budget is used up.
func spent(t *testing.T, state string) *story {
	s := opened(t)
	s.rules.Live.Join, s.rules.Live.Briefing, s.rules.Live.Bridge = time.Hour, time.Hour, time.Hour
	s.to(first, stateOf(state)).wait(3*time.Minute - 1)
	s.when(s.advance()).gives()
	s.wait(1).when(s.advance()).gives("BudgetSpent")
	return s
}

// decides are the states in which the sender may be asked to decide.
var decides = []string{"ACCEPTED", "BRIEFING", "BRIDGED"}

// TestTheBudgetIsSpent: the sender decides, or after 30 seconds a supervisor is
// told, once. The handover goes on meanwhile.
func TestTheBudgetIsSpent(t *testing.T) {
	for _, state := range decides {
		s := spent(t, state)
		if got := short(handover.Of(s.state.Conversation).Current().State); got != state {
			t.Errorf("in %s it went to %s", state, got)
		}
		s.wait(30*time.Second - 1).when(s.advance()).gives()
		s.wait(1).when(s.advance()).gives("SupervisorTold").told(bullying + " NO_DECISION")
		s.wait(time.Minute).when(s.advance()).gives()
		s.when(first.decide(stay)).gives("SenderDecided", "HandoverReturned").returned("BUDGET_SPENT")
	}
}

func TestTheSenderGoesOn(t *testing.T) {
	for _, state := range decides {
		s := spent(t, state)
		s.when(by(emergency, first.decide(goesOn))).refused("NOT_THE_SENDER")
		s.when(first.decide(goesOn)).gives("SenderDecided")
		s.when(first.decide(goesOn)).refused("NOTHING_TO_DECIDE")
		s.wait(3*time.Minute - 1).when(s.advance()).gives()
		s.wait(1).when(s.advance()).gives("BudgetSpent")
	}
}

// TestTheSenderStays: then nothing is left to be decided, and nobody is told.
func TestTheSenderStays(t *testing.T) {
	s := spent(t, "BRIDGED").given(first.decide(stay))
	s.stands("RETURNED UNSPECIFIED").wait(time.Hour).when(s.advance()).gives()
	s.when(first.decide(stay)).refused("NOTHING_TO_DECIDE")
}

// TestTheReceiversWordSettlesIt: what was to be decided is no longer.
func TestTheReceiversWordSettlesIt(t *testing.T) {
	s := spent(t, "BRIDGED").given(first.confirm())
	h := handover.Of(s.state.Conversation).Current()
	if h.DecisionDue || h.DecisionDeadline != nil || h.BudgetDeadline != nil {
		t.Errorf("it is %v", h)
	}
	s.wait(30 * time.Second).when(s.advance()).gives()
}

// TestAReturnIsTheSendersToDecide, unless the child wished it so.
func TestAReturnIsTheSendersToDecide(t *testing.T) {
	s := at(t, "ACCEPTED").wait(30 * time.Second).looks().returned("NO_JOIN").stands("RETURNED SENDER")
	s.when(first.decide(goesOn)).refused("HANDOVER_STATE")
	s.wait(30*time.Second - 1).when(s.advance()).gives()
	s.wait(1).when(s.advance()).gives("SupervisorTold").told(bullying + " NO_DECISION")
	s.when(s.advance()).gives()
	s.when(first.decide(stay)).gives("SenderDecided").stands("RETURNED UNSPECIFIED")

	for _, wish := range []*story{at(t, "CONSENT_ASKED").given(first.refuse()), at(t, "OFFERED").given(first.withdraw())} {
		wish.looks().stands("RETURNED UNSPECIFIED").when(first.decide(stay)).refused("NOTHING_TO_DECIDE")
		wish.wait(time.Hour).when(wish.advance()).gives()
	}
}

// TestASilentChildIsTheSendersToDecideAbout: it has not wished anything.
func TestASilentChildIsTheSendersToDecideAbout(t *testing.T) {
	s := at(t, "CONSENT_ASKED").passes(5 * time.Minute).returned("CONSENT_UNANSWERED").stands("RETURNED SENDER")
	s.wait(30*time.Second - 1).when(s.advance()).gives()
	s.wait(1).when(s.advance()).gives("SupervisorTold").told(bullying + " NO_DECISION")
	s.when(first.decide(stay)).gives("SenderDecided").stands("RETURNED UNSPECIFIED")
}

// TestANewHandoverIsADecision: no supervisor is told about the one before.
func TestANewHandoverIsADecision(t *testing.T) {
	s := at(t, "RETURNED").given(first.propose()).wait(time.Hour)
	s.when(s.advance()).gives()
	if h := s.state.Conversation.Handovers[0]; h.DecisionDue || h.NextActor != 0 {
		t.Errorf("of the first is still due: %v", h)
	}
}

func TestACloseIsADecision(t *testing.T) {
	s := at(t, "RETURNED").given(closes(bullying)).wait(time.Hour)
	s.when(s.advance()).gives()
}

// TestADowntimeTellsTheSupervisorOnce, counted from when the platform is back.
func TestADowntimeTellsTheSupervisorOnce(t *testing.T) {
	s := at(t, "ACCEPTED").wait(24 * time.Hour)
	s.when(s.advance()).gives("HandoverReturned")
	s.wait(24 * time.Hour).when(s.advance()).gives("SupervisorTold")
	s.wait(24 * time.Hour).when(s.advance()).gives()
}

// TestTheChildIsReminded after half of its time, once.
func TestTheChildIsReminded(t *testing.T) {
	s := at(t, "CONSENT_ASKED").wait(150*time.Second - 1)
	s.when(s.advance()).gives()
	s.wait(1).when(s.advance()).gives("ConsentReminded").stands("CONSENT_ASKED CHILD 2m30s")
	s.wait(2 * time.Minute).when(s.advance()).gives()
	s.when(first.give(intro)).gives("ConsentGiven")

	s = at(t, "CONSENT_ASKED").given(first.give(intro))
	if h := handover.Of(s.state.Conversation).Current(); h.RemindTime != nil {
		t.Error("it is still to be reminded")
	}
}

// TestAReminderIsNotMadeUpFor where the time to answer is over.
func TestAReminderIsNotMadeUpFor(t *testing.T) {
	s := at(t, "CONSENT_ASKED").wait(5 * time.Minute)
	s.when(s.advance()).gives("HandoverReturned").returned("CONSENT_UNANSWERED")
}

// TestAnAbsentChildIsNotReminded: it is when it is back.
func TestAnAbsentChildIsNotReminded(t *testing.T) {
	s := at(t, "CONSENT_ASKED").given(dropsOut(bullying, "child")).looks().wait(3 * time.Minute)
	s.when(s.advance()).gives()
	s.given(childComes()).when(s.advance()).gives("HandoverResumed", "ConsentReminded").stands("CONSENT_ASKED CHILD 5m0s")
}
