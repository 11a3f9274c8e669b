package handover

import (
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// bridgeDues lists deadlines between the accept and the transfer of custody. While the
// child is away, steps that need the child wait.
func bridgeDues(c *handoverv1.Conversation, h *handoverv1.Handover) []due {
	waits := h.AwayDeadline != nil && waitsForChild(h)
	switch {
	case h.State == confirming && h.ChildAgreed && Counsellors(c, h.ToLine) > 0:
		return []due{{AtOnce, func(t *turn) { t.transfer(h) }}}
	case receiverGone(c, h):
		return []due{{AtOnce, func(t *turn) { t.giveBack(h, handoverv1.ReturnReason_RETURN_REASON_RECEIVER_DROPPED) }}}
	case waits:
		return nil
	}
	all := when(h.Deadline, func(t *turn) { t.giveBack(h, t.standstill(h)) })
	if h.AwayDeadline != nil {
		return all
	}
	return append(all, when(h.BudgetDeadline, func(t *turn) {
		t.emit(&eventv1.BudgetSpent{Handover: t.number(h), DecisionDeadline: t.in(t.times(h).Decision)})
	})...)
}

// receiverGone reports whether the receiver's last counsellor left on purpose before
// custody moved. A counsellor who lost the connection may still come back.
func receiverGone(c *handoverv1.Conversation, h *handoverv1.Handover) bool {
	if h.ReceiverParticipant == "" {
		return false
	}
	for _, p := range c.Participants {
		if p.Line == h.ToLine && p.Role == handoverv1.Role_ROLE_COUNSELLOR && !p.Left {
			return false
		}
	}
	return true
}

// standstill returns the reason why a handover missed its deadline.
func (t *turn) standstill(h *handoverv1.Handover) handoverv1.ReturnReason {
	switch here := t.receiverHere(h) != nil; {
	case h.ReceiverParticipant == "":
		return handoverv1.ReturnReason_RETURN_REASON_NO_JOIN
	case !here || h.State == bridged:
		return handoverv1.ReturnReason_RETURN_REASON_RECEIVER_DROPPED
	}
	return handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT
}
