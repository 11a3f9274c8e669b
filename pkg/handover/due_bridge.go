package handover

import (
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// bridgeDues lists deadlines between the accept and the transfer of custody. While the
// child is away, steps that need the child wait.
func bridgeDues(c Conversation, h Handover) []due {
	waits := h.AwayDeadline != nil && h.WaitsForChild()
	switch {
	case h.State == confirming && h.ChildAgreed && c.Counsellors(h.ToLine) > 0:
		return []due{{AtOnce, func(t *turn) { t.transfer(h) }}}
	case h.ReceiverGone():
		return []due{{AtOnce, func(t *turn) { t.giveBack(h, handoverv1.ReturnReason_RETURN_REASON_RECEIVER_DROPPED) }}}
	case waits:
		return nil
	}
	all := when(h.Deadline, func(t *turn) { t.giveBack(h, t.standstill(h)) })
	if h.AwayDeadline != nil {
		return all
	}
	return append(all, when(h.BudgetDeadline, func(t *turn) {
		t.emit(&eventv1.BudgetSpent{Handover: h.Number(), DecisionDeadline: t.in(t.rules.Times(h).Decision)})
	})...)
}

// standstill returns the reason why a handover missed its deadline.
func (t *turn) standstill(h Handover) handoverv1.ReturnReason {
	switch here := h.PresentReceiver() != nil; {
	case h.ReceiverParticipant == "":
		return handoverv1.ReturnReason_RETURN_REASON_NO_JOIN
	case !here || h.State == bridged:
		return handoverv1.ReturnReason_RETURN_REASON_RECEIVER_DROPPED
	}
	return handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT
}
