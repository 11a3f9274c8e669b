package childtext

import handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"

// Of is what a child is to be told as its conversation stands. It does not change
// while a line is looked for, nor while the receiver is on the way: then it is said
// again and again, see [Repeated]. A handover that ended before the child was told of
// it is not told of; nor is one that it left, until it is back: see [CameBack].
func Of(c *handoverv1.Conversation) Key {
	switch handovers := c.GetHandovers(); {
	case c.GetCustody().GetAlerts() > 0:
		return Unattended
	case c.GetPendingLeg() != nil:
		return LegPending
	case len(handovers) > 0:
		return ofHandover(handovers[len(handovers)-1])
	}
	return Proposed
}

// CameBack says whether a child who comes now comes back to a handover that has ended
// without it. It is told [Abandoned] then, once.
func CameBack(c *handoverv1.Conversation) bool {
	handovers := c.GetHandovers()
	return len(handovers) > 0 &&
		handovers[len(handovers)-1].State == handoverv1.HandoverState_HANDOVER_STATE_ABANDONED
}

// Repeated is what is said instead when a key is said again, every 45 s, or nothing
// for one that is said once.
func Repeated(key Key) Key {
	switch key {
	case Routing, Overridden:
		return Offered
	case Accepted:
		return Briefing
	}
	return ""
}

// states are what is told in each state that has one text.
var states = map[handoverv1.HandoverState]Key{
	handoverv1.HandoverState_HANDOVER_STATE_PROPOSED:         Proposed,
	handoverv1.HandoverState_HANDOVER_STATE_ACCEPTED:         Accepted,
	handoverv1.HandoverState_HANDOVER_STATE_BRIEFING:         Accepted,
	handoverv1.HandoverState_HANDOVER_STATE_BRIDGED:          Bridged,
	handoverv1.HandoverState_HANDOVER_STATE_CONFIRMING:       Confirming,
	handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED:      Transferred,
	handoverv1.HandoverState_HANDOVER_STATE_AWAITING_OUTCOME: AwaitingOutcome,
	handoverv1.HandoverState_HANDOVER_STATE_CLOSED:           ClosedHandover,
	handoverv1.HandoverState_HANDOVER_STATE_ABANDONED:        Proposed,
	handoverv1.HandoverState_HANDOVER_STATE_DEFERRED:         Deferred,
	handoverv1.HandoverState_HANDOVER_STATE_SIGNPOSTED:       Signposted,
	handoverv1.HandoverState_HANDOVER_STATE_EMERGENCY:        Emergency,
}

func ofHandover(h *handoverv1.Handover) Key {
	switch h.State {
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
