// Package upcast reads events of earlier versions as today's: where a field was
// added later, and its absence means something else now than it did then, it is
// filled in with what it would have said. The log itself is never changed, and
// hashes are those of the bytes as stored.
//
// Each rule is pure: it looks at the event and at the conversation as the events
// before it made it. Each must leave an event of today as it is.
package upcast

import (
	"google.golang.org/protobuf/proto"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Event returns the event as it would be recorded today. What was given stays as
// it is.
func Event(c *statev1.Conversation, e *eventv1.Event) *eventv1.Event {
	switch kind := e.Kind.(type) {
	case *eventv1.Event_HandoverProposed:
		return proposed(c, e, kind.HandoverProposed)
	case *eventv1.Event_BridgeOpened:
		return bridged(c, e, kind.BridgeOpened)
	}
	return e
}

// proposed counts the change of hands. Events without it are from when every
// handover was counted by its epoch, and none needed a supervisor.
func proposed(c *statev1.Conversation, e *eventv1.Event, what *eventv1.HandoverProposed) *eventv1.Event {
	if what.GetHop() > 0 || c.GetCustody().GetEpoch() == 0 {
		return e
	}
	e = proto.CloneOf(e)
	e.GetHandoverProposed().Hop = c.Custody.Epoch
	return e
}

// bridged keeps the budget. Events without a deadline are from when the bridge
// left it alone, or it has been spent; then the handover has none to keep.
func bridged(c *statev1.Conversation, e *eventv1.Event, what *eventv1.BridgeOpened) *eventv1.Event {
	n := int(what.GetHandover())
	if what.GetBudgetDeadline() != nil || n == 0 || n > len(c.GetHandovers()) || c.Handovers[n-1].BudgetDeadline == nil {
		return e
	}
	e = proto.CloneOf(e)
	e.GetBridgeOpened().BudgetDeadline = proto.CloneOf(c.Handovers[n-1].BudgetDeadline)
	return e
}
