// Package upcast reads events of earlier versions as today's: where a field was
// added later, and its absence means something else now than it did then, it is
// filled in with what it would have said. The log itself is never changed, and
// hashes are those of the bytes as stored.
//
// Each rule is pure: it looks at the event and at the conversation as the events
// before it made it. Each must leave an event of today as it is.
package upcast

import (
	"slices"

	"google.golang.org/protobuf/proto"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
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
	case *eventv1.Event_ConsentGiven:
		return consented(c, e, kind.ConsentGiven)
	case *eventv1.Event_ConsentOverridden:
		return consented(c, e, kind.ConsentOverridden)
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
	atDoor := what.GetException() == handoverv1.BridgeException_BRIDGE_EXCEPTION_DOOR_CLOSED // today's, where no budget runs
	if atDoor || what.GetBudgetDeadline() != nil || n == 0 || n > len(c.GetHandovers()) || c.Handovers[n-1].BudgetDeadline == nil {
		return e
	}
	e = proto.CloneOf(e)
	e.GetBridgeOpened().BudgetDeadline = proto.CloneOf(c.Handovers[n-1].BudgetDeadline)
	return e
}

// consent is a yes, or an override in its place.
type consent interface {
	GetHandover() uint32
	GetScopes() []handoverv1.Scope
	GetParts() []*handoverv1.PacketPart
}

// consented names the sealed parts. Events without them are from when consent covered whatever
// was sealed in its scopes; today they are all named, so nothing is added.
func consented(c *statev1.Conversation, e *eventv1.Event, what consent) *eventv1.Event {
	n := int(what.GetHandover())
	if len(what.GetParts()) > 0 || n == 0 || n > len(c.GetHandovers()) {
		return e
	}
	var parts []*handoverv1.PacketPart
	for _, p := range c.Handovers[n-1].PacketParts {
		if slices.Contains(what.GetScopes(), p.Part) {
			parts = append(parts, proto.CloneOf(p))
		}
	}
	if len(parts) == 0 {
		return e
	}
	e = proto.CloneOf(e)
	switch kind := e.Kind.(type) {
	case *eventv1.Event_ConsentGiven:
		kind.ConsentGiven.Parts = parts
	case *eventv1.Event_ConsentOverridden:
		kind.ConsentOverridden.Parts = parts
	}
	return e
}
