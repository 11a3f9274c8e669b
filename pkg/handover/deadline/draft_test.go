package deadline_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/internal/story"
)

// TestADraftEnds ten minutes after its sender last touched it, however long the sender talks; then the
// sender must decide.
func TestADraftEnds(t *testing.T) {
	s := story.At(t, "PROPOSED").Wait(9 * time.Minute).Given(story.First.Seal()).Stands("PROPOSED SENDER 10m0s")
	s.Wait(10*time.Minute - 1).When(s.Advance()).Gives()
	s.Wait(1).When(s.Advance()).Gives("HandoverReturned").Returned("BUDGET_SPENT").Stands("RETURNED SENDER")
	if !handover.Of(s.State.Conversation).Current().DecisionDue {
		t.Error("nobody must decide how to go on")
	}
	s.Passes(30 * time.Second).Told(story.Bullying + " NO_DECISION")
}

// TestADraftThatASupervisorNeedNotApprove ends, too: at R4 a third transfer does not wait for one.
func TestADraftThatASupervisorNeedNotApprove(t *testing.T) {
	s, p := story.Third(t)
	s.Given(story.Risk(p.From, story.Imminent)).Wait(4 * time.Minute).Given(p.Seal()).Stands("PROPOSED SENDER 10m0s")
	s.Wait(10*time.Minute - 1).When(s.Advance()).Gives()
	s.Wait(1).When(s.Advance()).Gives("HandoverReturned").Returned("BUDGET_SPENT")

	s, p = story.Third(t)
	s.Given(story.Risk(p.From, story.Imminent)).Passes(5 * time.Minute).Returned("BUDGET_SPENT")
}

// TestSealingPutsOffNothingElse: not when a supervisor is asked again, nor the child's answer.
func TestSealingPutsOffNothingElse(t *testing.T) {
	s, p := story.Third(t)
	s.Wait(time.Minute).Given(p.Seal()).Stands("PROPOSED SUPERVISOR 4m0s")
	story.At(t, "CONSENT_ASKED").Wait(time.Minute).Given(story.First.Seal()).Stands("CONSENT_ASKED CHILD 4m0s")
	story.At(t, "PROPOSED").Given(story.DropsOut(story.Bullying, "child")).Looks().Wait(time.Minute).
		Given(story.First.Seal()).Stands("PROPOSED CHILD 14m0s")
}
