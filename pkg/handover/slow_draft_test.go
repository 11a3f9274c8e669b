package handover_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
)

// TestASlowDraftDoesNotLieForever: in sms and e-mail nobody need be there, so
// that the sender being there cannot stand for a deadline.
func TestASlowDraftDoesNotLieForever(t *testing.T) {
	s := slowly(t, sms, "PROPOSED").stands("PROPOSED SENDER 48h0m0s")
	s.wait(2*day - 1).when(s.advance()).gives()
	s.wait(1).when(s.advance()).gives("HandoverReturned")
	if c := s.state.Conversation; c.Custody.Line != bullying || !handover.Of(c).Current().DecisionDue {
		t.Errorf("custody is %v, a decision is due: %v", c.Custody, handover.Of(c).Current().DecisionDue)
	}
}

// TestASlowDraftWaitsForAChildWhoLeft, and has its whole time again.
func TestASlowDraftWaitsForAChildWhoLeft(t *testing.T) {
	s := slowly(t, sms, "PROPOSED").given(handover.LeaveConversation{Line: bullying, Participant: "child"}).looks()
	s.stands("PROPOSED CHILD 15m0s").wait(time.Minute)
	s.given(childComes()).looks().stands("PROPOSED SENDER 48h0m0s")
}

// TestNoTicketForSlowWriting.
func TestNoTicketForSlowWriting(t *testing.T) {
	s := at(t, "PROPOSED")
	s.when(handover.IssueTicket{Line: bullying, ToLine: bullying, Channel: sms}).refused("FIELD_INVALID")
}

// TestDecidingTakesHoursInSlowWriting: the sender's decision, after a return, when
// the budget is spent and when a promised time has come, and what confirms a
// cancellation.
func TestDecidingTakesHoursInSlowWriting(t *testing.T) {
	for name, s := range map[string]*story{
		"returned": slowly(t, sms, "ACCEPTED").passes(4 * time.Hour).returned("NO_JOIN"),
		"spent":    slowly(t, sms, "ACCEPTED").given(first.join()).passes(4 * time.Hour).returned("BUDGET_SPENT"),
		"deferred": slowly(t, sms, "DEFERRED").passes(time.Hour),
	} {
		h := handover.Of(s.state.Conversation).Current()
		if left := h.DecisionDeadline.AsTime().Sub(s.now); !h.DecisionDue || left != 12*time.Hour {
			t.Errorf("%s: the decision is due (%t) in %s, want 12h", name, h.DecisionDue, left)
		}
		s.wait(12*time.Hour - 1).when(s.advance()).gives()
		s.wait(1).when(s.advance()).gives("SupervisorTold").told(bullying + " NO_DECISION")
	}
	patient := handover.DefaultRules()
	patient.Slow.Bridge = 7 * day
	s := slowlyWith(t, patient, "BRIDGED").passes(3 * day)
	if h := handover.Of(s.state.Conversation).Current(); h.DecisionDeadline.AsTime().Sub(s.now) != 12*time.Hour {
		t.Errorf("the decision is due at %v, want in 12h", h.DecisionDeadline.AsTime())
	}
	s = slowly(t, email, "OFFERED").given(first.cancel()).stands("CANCELLED RECEIVER 12h0m0s")
	s.wait(12 * time.Hour).when(s.advance()).gives("SupervisorTold").told(emergency + " CANCEL_UNCONFIRMED")
}

// slowlyWith is a story in sms under other rules.
func slowlyWith(t *testing.T, rules handover.Rules, state string) *story {
	s := begin(t)
	s.rules = rules
	return s.given(opening(sms), comes(bullying, "kim")).to(first, stateOf(state))
}

// TestEverybodyMayLeaveInSlowWriting: nobody is expected to be there.
func TestEverybodyMayLeaveInSlowWriting(t *testing.T) {
	for _, state := range []string{"PROPOSED", "OFFERED", "BRIDGED"} {
		slowly(t, sms, state).when(leaves(bullying, "kim")).gives("ParticipantLeft")
	}
	s := slowly(t, sms, "TRANSFERRED").given(leaves(emergency, "ola"))
	s.when(leaves(bullying, "kim")).gives("ParticipantLeft")
	opened(t).when(leaves(bullying, "kim")).refused("SENDER_LEAVES_LAST")
}
