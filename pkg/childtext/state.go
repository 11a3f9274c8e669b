package childtext

import (
	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Of returns what to tell a child in the current state of the conversation. The key
// stays the same while lines are being asked and while the receiver is on the way; the
// text is then repeated, see [Repeated]. A child is not told of a handover that ended
// before it was mentioned, nor of one that they left until they are back: see
// [CameBack].
func Of(c *statev1.Conversation) Key {
	if c.GetCustody().GetAlerts() == 0 || c.GetClosedDoor() != nil || withReceiver(c) {
		if key := ofCourse(c); key != "" {
			return key
		}
	}
	return Situation(c)
}

// ofCourse returns what is going on, or nothing.
func ofCourse(c *statev1.Conversation) Key {
	switch h := handover.Of(c).Current(); {
	case c.GetPendingLeg() != nil:
		return LegPending
	case h.AtDoor():
		return ofDoor(h)
	case h.Exists():
		return ofHandover(h.Handover)
	}
	return ""
}

// Situation returns what says who is responsible for the child and who is here, whatever is going on.
func Situation(c *statev1.Conversation) Key {
	of := handover.Of(c)
	switch alerted := c.GetCustody().GetAlerts() > 0; {
	case withReceiver(c) && of.Current().AtDoor():
		return DoorBridged
	case withReceiver(c):
		return BridgedAlone
	case c.GetClosedDoor() != nil:
		return ofClosed(of)
	case alerted && !of.Met():
		return Waiting
	case alerted, of.Unattended():
		return Unattended
	case of.Slow():
		return AnswersLater
	case of.Counsellors(c.GetCustody().GetLine()) > 0:
		return With
	}
	return Arrived
}

// withReceiver reports whether a child whose line has nobody there is in a bridge with the
// receiver.
func withReceiver(c *statev1.Conversation) bool {
	h := handover.Of(c).Current()
	return h.Exists() && h.State >= handover.Bridged && h.LacksSender()
}

// CameBack reports whether a child who joins now comes back to a handover that has
// ended without them. Tell such a child [Abandoned], once.
func CameBack(c *statev1.Conversation) bool {
	handovers := c.GetHandovers()
	return len(handovers) > 0 &&
		handovers[len(handovers)-1].State == handoverv1.HandoverState_HANDOVER_STATE_ABANDONED
}

// Repeated returns the key to tell when a key is repeated, every 45 s, or nothing for a
// key that is told once.
func Repeated(key Key) Key {
	switch key {
	case Routing, Overridden:
		return Offered
	case Accepted:
		return Briefing
	case DoorAsking:
		return DoorStillAsking
	}
	return ""
}

// states maps each state with a single text to its key. In the others nothing is told of the handover.
var states = map[handoverv1.HandoverState]Key{
	handoverv1.HandoverState_HANDOVER_STATE_ACCEPTED:    Accepted,
	handoverv1.HandoverState_HANDOVER_STATE_BRIEFING:    Accepted,
	handoverv1.HandoverState_HANDOVER_STATE_BRIDGED:     Bridged,
	handoverv1.HandoverState_HANDOVER_STATE_CONFIRMING:  Confirming,
	handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED: Transferred,
	handoverv1.HandoverState_HANDOVER_STATE_DEFERRED:    Deferred,
	handoverv1.HandoverState_HANDOVER_STATE_SIGNPOSTED:  Signposted,
	handoverv1.HandoverState_HANDOVER_STATE_EMERGENCY:   Emergency,
	handoverv1.HandoverState_HANDOVER_STATE_REVERSED:    Reversed,
}

// alone maps the states in which the receiver may be with the child without the sender.
var alone = map[handoverv1.HandoverState]Key{
	handoverv1.HandoverState_HANDOVER_STATE_BRIDGED:    BridgedAlone,
	handoverv1.HandoverState_HANDOVER_STATE_CONFIRMING: ConfirmingAlone,
}

func ofHandover(h *statev1.Handover) Key {
	switch h.State {
	case handoverv1.HandoverState_HANDOVER_STATE_BRIDGED, handoverv1.HandoverState_HANDOVER_STATE_CONFIRMING:
		if h.SenderLost {
			return alone[h.State]
		}
	case handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED:
		if h.StayAsked {
			return StayAsked
		}
	case handoverv1.HandoverState_HANDOVER_STATE_CONSENT_ASKED:
		if h.RemindTime == nil {
			return ConsentReminder
		}
		return ConsentAsked
	case handoverv1.HandoverState_HANDOVER_STATE_ROUTING, handoverv1.HandoverState_HANDOVER_STATE_OFFERED:
		if h.GetConsent().GetOverridden() != 0 {
			return Overridden
		}
		return Routing
	case handoverv1.HandoverState_HANDOVER_STATE_CANCELLED, handoverv1.HandoverState_HANDOVER_STATE_CANCEL_CONFIRMED:
		return ifTold(h, Cancelled)
	case handoverv1.HandoverState_HANDOVER_STATE_RETURNED:
		return ofReturn(h)
	}
	return states[h.State]
}
