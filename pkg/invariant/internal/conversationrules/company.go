package conversationrules

import (
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// company checks, of I16, the child whose sender is gone before custody has moved: the receiver
// who is with it is told at once that it may open the bridge, and is not sent out.
type company struct {
	rule.Base
	*facts.Facts
	last facts.Mark
	// since is the event with which the receiver was alone with the child; zero while it is not,
	// or has been told.
	since facts.Mark
	told  bool
}

func NewCompany(f rule.Base, known *facts.Facts) rule.Walker { return &company{Base: f, Facts: known} }

func (c *company) Event(s facts.Step) {
	c.look()
	if c.overdue(s) {
		c.told = true
		c.Late(c.since, untold)
	}
	switch k := s.Kind.(type) {
	case *eventv1.ReceiverJoined:
		c.Applies()
	case *eventv1.SenderLost:
		c.told = true
	case *eventv1.BridgeOpened: // at a closed door by itself
		c.told = c.told || k.GetException() == handoverv1.BridgeException_BRIDGE_EXCEPTION_DOOR_CLOSED
	case *eventv1.HandoverReturned:
		if c.sendsOut(s, k) {
			c.Violated(s.Mark, "the receiver of handover %d was sent out, who alone was with the child", k.GetHandover())
		}
	}
	c.last = s.Mark
}

const untold = "nobody of the sender is with the child, and the receiver was not told that it may open the bridge, or it did not open at a closed door"

// look sees what the newest event has made of it.
func (c *company) look() {
	switch alone := c.Unled() != nil; {
	case !alone:
		c.since, c.told = facts.Mark{}, false
	case c.since.Position == 0:
		c.since = c.last
	}
}

func (c *company) overdue(s facts.Step) bool {
	return c.since.Position > 0 && !c.told && s.Time.After(c.since.Time.Add(settling))
}

// sendsOut tells whether a handover comes back by itself, although only the receiver is with the
// child. The sender's line may still decide that it stays.
func (c *company) sendsOut(s facts.Step, k *eventv1.HandoverReturned) bool {
	_, decided := facts.Find[*eventv1.SenderDecided](s.Commit)
	spent := k.GetReason() == handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT ||
		k.GetReason() == handoverv1.ReturnReason_RETURN_REASON_RECEIVER_DROPPED
	return spent && !decided && c.Unled() != nil
}

func (c *company) End() {
	c.look()
	if c.overdue(facts.Step{Mark: facts.Mark{Time: c.Until()}}) {
		c.Late(c.since, untold)
	}
}
