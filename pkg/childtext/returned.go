package childtext

import handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"

// returns are what is told when a handover has come back before any line had accepted,
// to a child who knew of it.
var returns = map[handoverv1.ReturnReason]Key{
	handoverv1.ReturnReason_RETURN_REASON_CONSENT_UNANSWERED: ReturnedUnanswered,
	handoverv1.ReturnReason_RETURN_REASON_NO_LINE_OPEN:       ReturnedNoLine,
	handoverv1.ReturnReason_RETURN_REASON_PLAN_EXHAUSTED:     ReturnedNoLine,
	handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT:       ReturnedNoLine,
	handoverv1.ReturnReason_RETURN_REASON_HOP_LIMIT:          Cancelled,
	handoverv1.ReturnReason_RETURN_REASON_NO_JOIN:            ReturnedDropped,
	handoverv1.ReturnReason_RETURN_REASON_RECEIVER_DROPPED:   ReturnedDropped,
}

// ofReturn depends on why a handover came back and on how far it had come: the child's
// own word comes first, then whether it was told that somebody was coming, then whether
// it was told anything.
func ofReturn(h *handoverv1.Handover) Key {
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

// ofSpent is for a receiver who had accepted: whose time ran out, or the sender did not
// want to wait for it any longer, so that it is not the receiver who could not stay.
func ofSpent(h *handoverv1.Handover) Key {
	if h.Decision == handoverv1.SenderDecision_SENDER_DECISION_STAY {
		return Cancelled
	}
	return ReturnedDropped
}

// ifTold is what a child is told of a handover that it knows of. To one who was neither
// asked nor overruled the end is as quiet as the beginning.
func ifTold(h *handoverv1.Handover, key Key) Key {
	if len(h.GetConsent().GetAsked()) == 0 && h.GetConsent().GetOverridden() == 0 {
		return Proposed
	}
	return key
}
