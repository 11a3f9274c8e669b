package childtext

import (
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// returns maps the reason why a handover came back before any line accepted to what a
// child who knew of it is told.
var returns = map[handoverv1.ReturnReason]Key{
	handoverv1.ReturnReason_RETURN_REASON_CONSENT_UNANSWERED: ReturnedUnanswered,
	handoverv1.ReturnReason_RETURN_REASON_NO_LINE_OPEN:       ReturnedNoLine,
	handoverv1.ReturnReason_RETURN_REASON_PLAN_EXHAUSTED:     ReturnedNoLine,
	handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT:       ReturnedNoLine,
	handoverv1.ReturnReason_RETURN_REASON_HOP_LIMIT:          Cancelled,
	handoverv1.ReturnReason_RETURN_REASON_NO_JOIN:            ReturnedDropped,
	handoverv1.ReturnReason_RETURN_REASON_RECEIVER_DROPPED:   ReturnedDropped,
}

// ofReturn picks a key by the reason for the return and how far the handover had come.
// The child's own word comes first, then whether the child was told that somebody was
// coming, then whether the child was told anything.
func ofReturn(h *statev1.Handover) Key {
	switch {
	case h.ReturnReason == handoverv1.ReturnReason_RETURN_REASON_CONSENT_REFUSED:
		return ReturnedRefused
	case h.ReturnReason == handoverv1.ReturnReason_RETURN_REASON_CONSENT_WITHDRAWN:
		return ReturnedWithdrawn
	case h.ReturnReason == handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT && h.ToLine != "":
		return ofSpent(h)
	}
	return ifTold(h, returns[h.ReturnReason])
}

// ofSpent is for a receiver that had accepted: its time ran out, or the sender did not
// want to wait any longer, so the receiver did not fail to stay.
func ofSpent(h *statev1.Handover) Key {
	if h.Decision == handoverv1.SenderDecision_SENDER_DECISION_STAY {
		return Cancelled
	}
	return ReturnedDropped
}

// ifTold returns the key for a child who knows of the handover. For a child who was
// neither asked nor overruled, there is nothing to tell.
func ifTold(h *statev1.Handover, key Key) Key {
	if len(h.GetConsent().GetAsked()) == 0 && h.GetConsent().GetOverridden() == 0 {
		return ""
	}
	return key
}
