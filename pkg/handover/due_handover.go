package handover

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// when returns a deadline as a list, which is empty if the deadline is absent.
func when(at *timestamppb.Timestamp, do func(t *turn)) []due {
	if at == nil {
		return nil
	}
	return []due{{at.AsTime(), do}}
}

// handoverDues lists every deadline of one handover.
func handoverDues(c Conversation, h Handover) []due {
	switch {
	case h.State == awaitingOutcome:
		return when(h.Deadline, func(t *turn) { t.escalate(h) })
	case h.State == cancelled:
		return when(h.Deadline, func(t *turn) { t.missConfirmations(h) })
	case c.CloseTime != nil:
		return nil
	case h.State == transferred:
		return when(h.Deadline, func(t *turn) { t.endOverlap(h) })
	case h.State == emergency:
		return when(h.Deadline, func(t *turn) { t.chaseEmergency(h) })
	case h.State == deferred:
		return append(when(h.Deadline, func(t *turn) { t.deferralDue(h) }), decisionDues(h)...)
	case h.BeforeTransfer():
		return progressDues(c, h)
	}
	return decisionDues(h)
}

// progressDues lists deadlines of a handover that is under way, before custody has
// moved.
func progressDues(c Conversation, h Handover) []due {
	if h.Stopped() {
		return []due{{AtOnce, func(t *turn) { t.giveBack(h, unconsented(h)) }}}
	}
	all := append(awayDues(c, h), decisionDues(h)...)
	switch {
	case h.State == routing:
		return append(all, due{AtOnce, func(t *turn) { t.route(h) }})
	case h.State == offered:
		return append(all, offerDues(h)...)
	case h.State >= accepted:
		return append(all, bridgeDues(c, h)...)
	case h.State == proposed && h.AwaitsSupervisor() && h.AwayDeadline == nil:
		return append(all, when(h.Deadline, func(t *turn) { t.askSupervisor(h) })...)
	case h.State == proposed && h.AwayDeadline == nil:
		return append(all, when(h.Deadline, func(t *turn) { t.giveBack(h, handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT) })...)
	case h.State == consentAsked && h.AwayDeadline == nil:
		all = append(all, when(h.RemindTime, func(t *turn) { t.remind(h) })...)
		return append(all, when(h.Deadline, func(t *turn) { t.unanswered(h) })...)
	}
	return all
}

// remind asks the child once more. If the time to answer has passed, for instance while
// the platform was down, it skips the reminder.
func (t *turn) remind(h Handover) {
	if t.past(h.Deadline) {
		t.unanswered(h)
		return
	}
	t.emit(&eventv1.ConsentReminded{Handover: h.Number()})
}

func (t *turn) unanswered(h Handover) {
	t.giveBack(h, handoverv1.ReturnReason_RETURN_REASON_CONSENT_UNANSWERED)
}

// decisionDues lists the deadline for the sender's decision, after which a supervisor
// is alerted.
func decisionDues(h Handover) []due {
	return when(h.DecisionDeadline, func(t *turn) {
		t.alertSupervisors(h, h.FromLine, handoverv1.SupervisorReason_SUPERVISOR_REASON_NO_DECISION)
	})
}

// awayDues lists deadlines while the child is away. A child who lost the connection or
// left may come back in time, and the handover then resumes.
func awayDues(c Conversation, h Handover) []due {
	switch gone := h.ChildAway(); {
	case gone && h.AwayDeadline == nil:
		return []due{{AtOnce, func(t *turn) { t.pause(h) }}}
	case gone && !h.ChildAgreed:
		return when(h.AwayDeadline, func(t *turn) {
			t.withdrawOffers(h)
			t.emit(&eventv1.HandoverAbandoned{Handover: h.Number(), Stage: h.State, CustodyLine: t.conversation.Custody.Line})
		})
	case !gone && h.AwayDeadline != nil:
		return []due{{AtOnce, func(t *turn) { t.resume(h) }}}
	}
	return nil
}

// pause suspends a handover, counting from when the child went away.
func (t *turn) pause(h Handover) {
	until := t.conversation.Child().GetSince().AsTime().Add(t.rules.Away)
	t.emit(&eventv1.HandoverPaused{Handover: h.Number(), Deadline: timestamppb.New(until)})
}

// resume restarts the step that was waiting with its full time, and extends the budget
// by the time that the child was away.
func (t *turn) resume(h Handover) {
	resumed := &eventv1.HandoverResumed{Handover: h.Number(), Deadline: h.Deadline, BudgetDeadline: t.budgetLeft(h)}
	if h.WaitsForChild() {
		resumed.Deadline = t.stepDeadline(h)
	}
	t.emit(resumed)
}

// budgetLeft returns the budget extended by the time that the child was away, but never
// more than a full budget from now.
func (t *turn) budgetLeft(h Handover) *timestamppb.Timestamp {
	if h.BudgetDeadline == nil || h.AwayDeadline == nil {
		return h.BudgetDeadline
	}
	away := t.now.Sub(h.AwayDeadline.AsTime().Add(-t.rules.Away))
	left := timestamppb.New(h.BudgetDeadline.AsTime().Add(max(away, 0)))
	return earlier(left, t.in(t.rules.Times(h).Budget))
}

// stepDeadline returns the new deadline of the current step, which needs the child.
func (t *turn) stepDeadline(h Handover) *timestamppb.Timestamp {
	var step time.Duration
	switch h.State {
	case consentAsked:
		step = t.rules.SenderTimes(h).Consent
	case accepted, briefing:
		step = t.rules.SenderTimes(h).Briefing
	case bridged:
		step = t.rules.ReceiverTimes(h, h.ToLine).Bridge
	case confirming:
		step = t.rules.SenderTimes(h).Confirm
	default: // PROPOSED
		return t.draftDeadline(h)
	}
	return t.in(step)
}

// draftDeadline returns when a draft ends, or when a supervisor is asked again. It
// returns nil on live channels, where the sender is present.
func (t *turn) draftDeadline(h Handover) *timestamppb.Timestamp {
	switch {
	case h.AwaitsSupervisor():
		return t.in(max(t.rules.Supervisor, t.rules.Times(h).Decision))
	case t.conversation.Slow():
		return t.in(t.rules.SenderTimes(h).Consent)
	}
	return nil
}

func unconsented(h Handover) handoverv1.ReturnReason {
	if h.Consent.Refused {
		return handoverv1.ReturnReason_RETURN_REASON_CONSENT_REFUSED
	}
	return handoverv1.ReturnReason_RETURN_REASON_CONSENT_WITHDRAWN
}
