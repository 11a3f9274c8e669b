package handover

import (
	"time"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// AtOnce is long past: no machine's clock is before it.
var AtOnce = time.Unix(0, 0).UTC()

// due is something that the platform does by itself at an instant.
type due struct {
	at time.Time
	do func(t *turn)
}

// Due is the instant at which the platform must look at a conversation again:
// the next deadline, or AtOnce if something can be done already. It is false
// when nothing is awaited.
func Due(c *handoverv1.Conversation) (time.Time, bool) {
	next, waiting := earliest(c)
	return next.at, waiting
}

// earliest is what is due first. Of what is due at the same instant it is what
// matters most to the child, which comes first in the list.
func earliest(c *handoverv1.Conversation) (next due, waiting bool) {
	for _, d := range dues(c) {
		if !waiting || d.at.Before(next.at) {
			next, waiting = d, true
		}
	}
	return next, waiting
}

// dues is everything that a conversation waits for with a deadline.
func dues(c *handoverv1.Conversation) []due {
	if c.GetCustody() == nil || Child(c) == nil {
		return nil // it was never opened
	}
	var all []due
	if c.CloseTime == nil {
		all = append(custodyDues(c), legDues(c)...)
	}
	for _, h := range c.GetHandovers() {
		all = append(all, handoverDues(c, h)...)
	}
	return all
}

// Advance: the platform does what is due. Early, late or twice, it looks at the
// clock and at the state, and does nothing where nothing is due.
type Advance struct {
	// Rank ranks the lines for a conversation whose handover must be routed. It must
	// be a pure function of the conversation and of the directory it was made with.
	Rank func(*handoverv1.Conversation) *handoverv1.RoutingDecision
	// Pass says why a line of the plan is not asked now that its turn has come. It must
	// be a pure function as Rank is. Nil: every line is.
	Pass Pass
}

// Pass says why a line cannot take a child with a header; unspecified where it can.
type Pass func(line string, header *handoverv1.PacketHeader) handoverv1.PassReason

// advances is how many things are done in one append at the most. What is left
// is due at once and done in the next.
const advances = 8

func (c Advance) decide(t *turn) error {
	if err := t.admit(""); err != nil {
		return err
	}
	t.rank, t.pass = c.Rank, c.Pass
	for range advances {
		next, waiting := earliest(t.conversation)
		if !waiting || t.now.Before(next.at) {
			break
		}
		next.do(t)
	}
	return nil
}

// tell tells a line's supervisors.
func (t *turn) tell(h *handoverv1.Handover, line string, reason handoverv1.SupervisorReason) {
	t.emit(&eventv1.SupervisorTold{Handover: t.number(h), Line: line, Reason: reason})
}
