package deadline

import (
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// endOverlap makes the sender leave, unless it is alone with the child. Then the
// overlap is extended, as often as needed, while the receiver is alerted; and while the child
// waits for the sender to say whether it stays.
func endOverlap(t *decide.Turn, h handover.Handover) {
	c := t.Conversation
	there := c.Counsellors(h.FromLine) > 0
	alone := c.Child().Present && !c.Slow() && there && h.PresentReceiver() == nil
	waits := h.StayAsked && there && (c.Child().Present || c.Slow())
	if alone || waits {
		t.Emit(&eventv1.OverlapExtended{Handover: h.Number(), Deadline: t.In(t.Rules.SenderTimes(h).Overlap)})
		return
	}
	t.SenderLeaves(h)
}

// escalate sends two reminders of a late outcome, the second also to the
// supervisors of both lines, and then closes the handover without an outcome.
func escalate(t *decide.Turn, h handover.Handover) {
	if h.OutcomeEscalation == 2 {
		t.Emit(&eventv1.OutcomeReported{Handover: h.Number(), Outcome: handoverv1.Outcome_OUTCOME_MISSING})
		return
	}
	t.Emit(&eventv1.OutcomeOverdue{
		Handover: h.Number(), Escalation: h.OutcomeEscalation + 1, Deadline: t.In(t.Rules.ReceiverTimes(h, h.ToLine).Outcome),
	})
	if h.OutcomeEscalation == 2 {
		alertSupervisors(t, h, h.ToLine, handoverv1.SupervisorReason_SUPERVISOR_REASON_OUTCOME_LATE)
		alertSupervisors(t, h, h.FromLine, handoverv1.SupervisorReason_SUPERVISOR_REASON_OUTCOME_LATE)
	}
}

// missConfirmations alerts the supervisors of lines that have not confirmed a
// cancellation.
func missConfirmations(t *decide.Turn, h handover.Handover) {
	for _, line := range h.CancelUnconfirmed {
		alertSupervisors(t, h, line, handoverv1.SupervisorReason_SUPERVISOR_REASON_CANCEL_UNCONFIRMED)
	}
}

// deferralDue asks the sender to resume a deferred handover, because the time that the
// child chose has come.
func deferralDue(t *decide.Turn, h handover.Handover) {
	t.Emit(&eventv1.DeferralDue{Handover: h.Number(), DecisionDeadline: t.In(deferralDecision(t, h))})
}

// deferralDecision returns how long the sender has to decide about a promised time.
func deferralDecision(t *decide.Turn, h handover.Handover) time.Duration {
	return max(t.Rules.DeferralDecision, t.Rules.Times(h).Decision)
}

// chaseEmergency is emergencyDues for an emergency of earlier histories, which a handover
// became.
func chaseEmergency(t *decide.Turn, h handover.Handover) {
	t.Emit(&eventv1.EmergencyOverdue{Handover: h.Number(), Deadline: t.In(t.Rules.Supervisor)})
	alertSupervisors(t, h, h.FromLine, handoverv1.SupervisorReason_SUPERVISOR_REASON_EMERGENCY_UNCONFIRMED)
}
