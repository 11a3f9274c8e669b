package deadline

import (
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// bridgeDues lists deadlines between the accept and the transfer of custody. While the
// child is away, steps that need the child wait.
func bridgeDues(c handover.Conversation, h handover.Handover) []due {
	waits := h.AwayDeadline != nil && h.WaitsForChild()
	switch {
	case h.MeetsAtDoor():
		return []due{{AtOnce, func(t *decide.Turn) { t.OpenBridge(h, "", h.PresentReceiver().Id, handover.DoorClosed) }}}
	case h.State == handover.Confirming && h.ChildAgreed && c.Counsellors(h.ToLine) > 0:
		return []due{{AtOnce, func(t *decide.Turn) { t.Transfer(h) }}}
	case h.ReceiverGone():
		return []due{{AtOnce, func(t *decide.Turn) { t.GiveBack(h, handoverv1.ReturnReason_RETURN_REASON_RECEIVER_DROPPED) }}}
	case waits:
		return nil
	case h.LacksSender():
		return lostDues(h)
	}
	all := when(h.Deadline, func(t *decide.Turn) { t.GiveBack(h, standstill(t, h)) })
	if h.AwayDeadline != nil {
		return all
	}
	return append(all, budgetDues(h)...)
}

// budgetDues lists the end of the budget, after which the sender must decide.
func budgetDues(h handover.Handover) []due {
	return when(h.BudgetDeadline, func(t *decide.Turn) {
		t.Emit(&eventv1.BudgetSpent{Handover: h.Number(), DecisionDeadline: t.In(t.Rules.Times(h).Decision)})
	})
}

// standstill returns the reason why a handover missed its deadline.
func standstill(t *decide.Turn, h handover.Handover) handoverv1.ReturnReason {
	switch here := h.PresentReceiver() != nil; {
	case h.ReceiverParticipant == "":
		return handoverv1.ReturnReason_RETURN_REASON_NO_JOIN
	case !here || h.State == handover.Bridged:
		return handoverv1.ReturnReason_RETURN_REASON_RECEIVER_DROPPED
	}
	return handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT
}
