package deadline_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/internal/story"
)

// TestASlowDraftDoesNotLieForever: in sms and e-mail nobody need be there, so
// that the sender being there cannot stand for a deadline.
func TestASlowDraftDoesNotLieForever(t *testing.T) {
	s := story.Slowly(t, story.Sms, "PROPOSED").Stands("PROPOSED SENDER 48h0m0s")
	s.Wait(2*story.Day - 1).When(s.Advance()).Gives()
	s.Wait(1).When(s.Advance()).Gives("HandoverReturned")
	if c := s.State.Conversation; c.Custody.Line != story.Bullying || !handover.Of(c).Current().DecisionDue {
		t.Errorf("custody is %v, a decision is due: %v", c.Custody, handover.Of(c).Current().DecisionDue)
	}
}

// TestASlowDraftWaitsForAChildWhoLeft, and has its whole time again.
func TestASlowDraftWaitsForAChildWhoLeft(t *testing.T) {
	s := story.Slowly(t, story.Sms, "PROPOSED").Given(command.LeaveConversation{Line: story.Bullying, Participant: "child"}).Looks()
	s.Stands("PROPOSED CHILD 15m0s").Wait(time.Minute)
	s.Given(story.ChildComes()).Looks().Stands("PROPOSED SENDER 48h0m0s")
}

// TestNoTicketForSlowWriting.
func TestNoTicketForSlowWriting(t *testing.T) {
	s := story.At(t, "PROPOSED")
	s.When(command.IssueTicket{Line: story.Bullying, ToLine: story.Bullying, Channel: story.Sms}).Refused("FIELD_INVALID")
}

// TestDecidingTakesHoursInSlowWriting: the sender's decision, after a return, when
// the budget is spent and when a promised time has come, and what confirms a
// cancellation.
func TestDecidingTakesHoursInSlowWriting(t *testing.T) {
	for name, s := range map[string]*story.Story{
		"returned": story.Slowly(t, story.Sms, "ACCEPTED").Passes(4 * time.Hour).Returned("NO_JOIN"),
		"spent":    story.Slowly(t, story.Sms, "ACCEPTED").Given(story.First.Join()).Passes(4 * time.Hour).Returned("BUDGET_SPENT"),
		"deferred": story.Slowly(t, story.Sms, "DEFERRED").Passes(time.Hour),
	} {
		h := handover.Of(s.State.Conversation).Current()
		if left := h.DecisionDeadline.AsTime().Sub(s.Now); !h.DecisionDue || left != 12*time.Hour {
			t.Errorf("%s: the decision is due (%t) in %s, want 12h", name, h.DecisionDue, left)
		}
		s.Wait(12*time.Hour - 1).When(s.Advance()).Gives()
		s.Wait(1).When(s.Advance()).Gives("SupervisorTold").Told(story.Bullying + " NO_DECISION")
	}
	patient := handover.DefaultRules()
	patient.Slow.Bridge = 7 * story.Day
	s := slowlyWith(t, patient, "BRIDGED").Passes(3 * story.Day)
	if h := handover.Of(s.State.Conversation).Current(); h.DecisionDeadline.AsTime().Sub(s.Now) != 12*time.Hour {
		t.Errorf("the decision is due at %v, want in 12h", h.DecisionDeadline.AsTime())
	}
	s = story.Slowly(t, story.Email, "OFFERED").Given(story.First.Cancel()).Stands("CANCELLED RECEIVER 12h0m0s")
	s.Wait(12 * time.Hour).When(s.Advance()).Gives("SupervisorTold").Told(story.Emergency + " CANCEL_UNCONFIRMED")
}

// slowlyWith is a story in sms under other rules.
func slowlyWith(t *testing.T, rules handover.Rules, state string) *story.Story {
	s := story.Begin(t)
	s.Rules = rules
	return s.Given(story.Opening(story.Sms), story.Comes(story.Bullying, "kim")).To(story.First, story.StateOf(state))
}

// TestEverybodyMayLeaveInSlowWriting: nobody is expected to be there.
func TestEverybodyMayLeaveInSlowWriting(t *testing.T) {
	for _, state := range []string{"PROPOSED", "OFFERED", "BRIDGED"} {
		story.Slowly(t, story.Sms, state).When(story.Leaves(story.Bullying, "kim")).Gives("ParticipantLeft")
	}
	s := story.Slowly(t, story.Sms, "TRANSFERRED").Given(story.Leaves(story.Emergency, "ola"))
	s.When(story.Leaves(story.Bullying, "kim")).Gives("ParticipantLeft")
	story.Opened(t).When(story.Leaves(story.Bullying, "kim")).Refused("SENDER_LEAVES_LAST")
}
