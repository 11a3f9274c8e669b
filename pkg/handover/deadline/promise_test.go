package deadline_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// closing looks at the directory in which the promised line has closed.
func closing(s *story.Story) decide.Command {
	return deadline.Advance{Rank: s.Rank, Keeps: func(*statev1.Conversation, *handoverv1.Slot) (handoverv1.PassReason, []*handoverv1.Slot) {
		return handoverv1.PassReason_PASS_REASON_CLOSED, nil
	}}
}

// TestALostPromiseIsDecidedAtOnce, once, and the child may still come at the time.
func TestALostPromiseIsDecidedAtOnce(t *testing.T) {
	s := story.At(t, "DEFERRED")
	s.When(closing(s)).Gives("PromiseLost")
	s.When(closing(s)).Gives()
	s.Passes(15 * time.Minute).Told(story.Bullying + " NO_DECISION")
	s.Wait(45 * time.Minute).When(s.Advance()).Gives("DeferralDue")
	s.When(closing(s)).Gives()
}

// TestALostPromiseIsSettled by the sender's decision or the next handover.
func TestALostPromiseIsSettled(t *testing.T) {
	s := story.At(t, "DEFERRED").Looks()
	s.Given(closing(s), story.First.Decide(handoverv1.SenderDecision_SENDER_DECISION_STAY)).Passes(story.Day).Told()
	s.When(closing(s)).Gives()

	p := story.First
	p.N = 2
	s = story.At(t, "DEFERRED")
	s.Given(closing(s), p.Propose())
	if h := handover.Of(s.State.Conversation).Handover(1); h.DecisionDue || h.Deadline != nil {
		t.Errorf("of the lost promise a decision is due: %t, until %v", h.DecisionDue, h.Deadline)
	}
}

// TestAPromiseThatIsDueIsNotLost: the sender is asked about it already.
func TestAPromiseThatIsDueIsNotLost(t *testing.T) {
	s := story.At(t, "DEFERRED").Wait(time.Hour)
	s.When(closing(s)).Gives("DeferralDue")
	s.When(closing(s)).Gives()
}
