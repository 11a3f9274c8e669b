package handover

import (
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// endOverlap makes the sender leave, unless it is alone with the child. Then the
// overlap is extended, as often as needed, while the receiver is alerted.
func (t *turn) endOverlap(h Handover) {
	c := t.conversation
	alone := c.Child().Present && !c.Slow() && c.Counsellors(h.FromLine) > 0 && h.PresentReceiver() == nil
	if alone {
		t.emit(&eventv1.OverlapExtended{Handover: h.Number(), Deadline: t.in(t.rules.SenderTimes(h).Overlap)})
		return
	}
	t.senderLeaves(h)
}

// escalate sends two reminders of a late outcome, the second also to the receiver's
// supervisors, and then closes the handover without an outcome.
func (t *turn) escalate(h Handover) {
	if h.OutcomeEscalation == 2 {
		t.emit(&eventv1.OutcomeReported{Handover: h.Number(), Outcome: handoverv1.Outcome_OUTCOME_MISSING})
		return
	}
	t.emit(&eventv1.OutcomeOverdue{
		Handover: h.Number(), Escalation: h.OutcomeEscalation + 1, Deadline: t.in(t.rules.ReceiverTimes(h, h.ToLine).Outcome),
	})
	if h.OutcomeEscalation == 2 {
		t.alertSupervisors(h, h.ToLine, handoverv1.SupervisorReason_SUPERVISOR_REASON_OUTCOME_LATE)
	}
}

// missConfirmations alerts the supervisors of lines that have not confirmed a
// cancellation.
func (t *turn) missConfirmations(h Handover) {
	for _, line := range h.CancelUnconfirmed {
		t.alertSupervisors(h, line, handoverv1.SupervisorReason_SUPERVISOR_REASON_CANCEL_UNCONFIRMED)
	}
}

// deferralDue asks the sender to resume a deferred handover, because the time that the
// child chose has come.
func (t *turn) deferralDue(h Handover) {
	t.emit(&eventv1.DeferralDue{Handover: h.Number(), DecisionDeadline: t.in(max(t.rules.DeferralDecision, t.rules.Times(h).Decision))})
}

// chaseEmergency alerts the supervisors repeatedly until a counsellor confirms that
// help has reached the child.
func (t *turn) chaseEmergency(h Handover) {
	t.emit(&eventv1.EmergencyOverdue{Handover: h.Number(), Deadline: t.in(t.rules.Supervisor)})
	t.alertSupervisors(h, h.FromLine, handoverv1.SupervisorReason_SUPERVISOR_REASON_EMERGENCY_UNCONFIRMED)
}
