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
	if c := s.state.Conversation; c.Custody.Line != bullying || !handover.Current(c).DecisionDue {
		t.Errorf("custody is %v, a decision is due: %v", c.Custody, handover.Current(c).DecisionDue)
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
