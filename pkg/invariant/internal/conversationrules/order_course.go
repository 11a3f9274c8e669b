package conversationrules

import (
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// course is how far one handover has come.
type course struct {
	consented, moved, left bool
	// called is whether an emergency service was.
	called bool
	// due is whether the sender has something to decide.
	due bool
	// away is until when an absent child can come back, zero while it is there.
	away time.Time
	// end is the event that ended it, nil while it is unfinished.
	end proto.Message
	// slot is the time that the child was promised, zero once it has come.
	slot time.Time
	// asked are the lines that were asked and have not confirmed that it is called off.
	asked map[string]bool
}

// leadsOn tells whether another handover can follow from this one.
func (c *course) leadsOn() bool { return c.moved || c.isDeferred() }

func (c *course) isDeferred() bool {
	_, deferred := c.end.(*eventv1.HandoverDeferred)
	return deferred
}

// ends tells whether an event is an end of a handover.
func ends(kind proto.Message) bool {
	switch kind.(type) {
	case *eventv1.OutcomeReported, *eventv1.EmergencyConfirmed:
		return true
	case *eventv1.EmergencyCalled:
		return false
	}
	return facts.Stays(kind) || isReversal(kind)
}

// isReversal tells whether custody goes back to the sender, which ends the handover.
func isReversal(kind proto.Message) bool {
	k, moves := kind.(*eventv1.CustodyTransferred)
	return moves && k.GetReason() != 0
}

func (c *course) apply(kind proto.Message) {
	switch k := kind.(type) {
	case *eventv1.ConsentGiven, *eventv1.ConsentOverridden:
		c.consented, c.away = true, time.Time{}
	case *eventv1.BridgeOpened:
		c.away = time.Time{} // the child is there, or it goes on without
	case *eventv1.OfferSent:
		c.ask(k.GetLine())
	case *eventv1.CustodyTransferred:
		c.moved = k.GetReason() == 0
	case *eventv1.SenderLeft:
		c.left = true
	case *eventv1.EmergencyCalled:
		c.called = true
	case *eventv1.HandoverPaused:
		c.away = k.GetDeadline().AsTime()
	case *eventv1.HandoverResumed:
		c.away = time.Time{}
	case *eventv1.CancelConfirmed:
		delete(c.asked, k.GetLine())
	case *eventv1.HandoverDeferred:
		c.slot = k.GetSlot().GetStartTime().AsTime()
	}
	c.decide(kind)
	if ends(kind) {
		c.end = kind
	}
}

func (c *course) ask(line string) {
	if c.asked == nil {
		c.asked = map[string]bool{}
	}
	c.asked[line] = true
}

// decide follows what the sender must decide.
func (c *course) decide(kind proto.Message) {
	switch k := kind.(type) {
	case *eventv1.BudgetSpent:
		c.due = true
	case *eventv1.HandoverReturned:
		c.due = k.DecisionDeadline != nil
	case *eventv1.PromiseLost:
		c.due = true
	case *eventv1.DeferralDue:
		c.due, c.slot = true, time.Time{}
	case *eventv1.SenderDecided:
		c.due = false
		if c.isDeferred() { // it has decided about the promised time
			c.slot = time.Time{}
		}
	}
}

// decides says why the sender may not decide that now, or nothing.
func (c *course) decides(k *eventv1.SenderDecided) string {
	switch {
	case !c.due:
		return "of which nothing was to be decided"
	case c.end != nil && k.GetDecision() == handoverv1.SenderDecision_SENDER_DECISION_CONTINUE:
		return "which had ended"
	}
	return ""
}
