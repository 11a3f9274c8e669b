package childtext

import handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"

// Of is what a child is to be told as its conversation stands. It does not change
// while a line is looked for, nor while the receiver is on the way: then it is said
// again and again, see [Repeated].
func Of(c *handoverv1.Conversation) Key {
	switch handovers := c.GetHandovers(); {
	case c.GetCustody().GetAlerts() > 0:
		return Unattended
	case c.GetPendingLeg() != nil:
		return LegPending
	case len(handovers) > 0:
		return ofHandover(c, handovers[len(handovers)-1])
	}
	return Proposed
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
	handoverv1.HandoverState_HANDOVER_STATE_CANCELLED:        Cancelled,
	handoverv1.HandoverState_HANDOVER_STATE_CANCEL_CONFIRMED: Cancelled,
	handoverv1.HandoverState_HANDOVER_STATE_ABANDONED:        Abandoned,
	handoverv1.HandoverState_HANDOVER_STATE_DEFERRED:         Deferred,
	handoverv1.HandoverState_HANDOVER_STATE_SIGNPOSTED:       Signposted,
	handoverv1.HandoverState_HANDOVER_STATE_EMERGENCY:        Emergency,
}

// returns are what is told when a handover has come back.
var returns = map[handoverv1.ReturnReason]Key{
	handoverv1.ReturnReason_RETURN_REASON_CONSENT_REFUSED:    ReturnedRefused,
	handoverv1.ReturnReason_RETURN_REASON_CONSENT_WITHDRAWN:  ReturnedWithdrawn,
	handoverv1.ReturnReason_RETURN_REASON_CONSENT_UNANSWERED: ReturnedRefused,
	handoverv1.ReturnReason_RETURN_REASON_NO_LINE_OPEN:       ReturnedNoLine,
	handoverv1.ReturnReason_RETURN_REASON_PLAN_EXHAUSTED:     ReturnedNoLine,
	handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT:       ReturnedNoLine,
	handoverv1.ReturnReason_RETURN_REASON_HOP_LIMIT:          ReturnedNoLine,
	handoverv1.ReturnReason_RETURN_REASON_NO_JOIN:            ReturnedDropped,
	handoverv1.ReturnReason_RETURN_REASON_RECEIVER_DROPPED:   ReturnedDropped,
}

func ofHandover(c *handoverv1.Conversation, h *handoverv1.Handover) Key {
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
	case handoverv1.HandoverState_HANDOVER_STATE_RETURNED:
		return returns[h.ReturnReason]
	}
	return states[h.State]
}
