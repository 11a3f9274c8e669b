package deadline

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// when returns a deadline as a list, which is empty if the deadline is absent.
func when(at *timestamppb.Timestamp, do func(t *decide.Turn)) []due {
	if at == nil {
		return nil
	}
	return []due{{at.AsTime(), do}}
}

// handoverDues lists every deadline of one handover.
func handoverDues(c handover.Conversation, h handover.Handover) []due {
	switch {
	case h.State == handover.AwaitingOutcome:
		return when(h.Deadline, func(t *decide.Turn) { escalate(t, h) })
	case h.State == handover.Cancelled:
		return when(h.Deadline, func(t *decide.Turn) { missConfirmations(t, h) })
	case c.CloseTime != nil:
		return nil
	case h.State == handover.Transferred:
		return append(decisionDues(h), when(h.Deadline, func(t *decide.Turn) { endOverlap(t, h) })...)
	case h.State == handover.Emergency:
		return when(h.Deadline, func(t *decide.Turn) { chaseEmergency(t, h) })
	case h.State == handover.Deferred:
		return slices.Concat(hastenDues(h), when(h.Deadline, func(t *decide.Turn) { deferralDue(t, h) }), decisionDues(h))
	case h.BeforeTransfer():
		return progressDues(c, h)
	}
	return append(hastenDues(h), decisionDues(h)...)
}

// progressDues lists deadlines of a handover that is under way, before custody has
// moved.
func progressDues(c handover.Conversation, h handover.Handover) []due {
	if h.Stopped() {
		return []due{{AtOnce, func(t *decide.Turn) { t.GiveBack(h, unconsented(h)) }}}
	}
	all := slices.Concat(hastenDues(h), awayDues(c, h), decisionDues(h))
	switch {
	case h.State == handover.Routing && h.Routing == nil:
		return append(all, due{AtOnce, func(t *decide.Turn) { route(t, h) }})
	case h.State <= handover.Offered && h.State >= handover.Routing:
		return append(all, offerDues(h)...)
	case h.State >= handover.Accepted:
		return append(all, bridgeDues(c, h)...)
	case h.State == handover.Proposed && h.Held() && h.AwayDeadline == nil:
		return append(all, when(h.Deadline, func(t *decide.Turn) { t.AskSupervisor(h) })...)
	case h.State == handover.Proposed && h.AwayDeadline == nil:
		return append(all, when(h.Deadline, func(t *decide.Turn) { t.GiveBack(h, handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT) })...)
	case h.State == handover.ConsentAsked && h.AwayDeadline == nil:
		all = append(all, when(h.RemindTime, func(t *decide.Turn) { remind(t, h) })...)
		return append(all, when(h.Deadline, func(t *decide.Turn) { unanswered(t, h) })...)
	}
	return all
}

// remind asks the child once more. If the time to answer has passed, for instance while
// the platform was down, it skips the reminder.
func remind(t *decide.Turn, h handover.Handover) {
	if t.Past(h.Deadline) {
		unanswered(t, h)
		return
	}
	t.Emit(&eventv1.ConsentReminded{Handover: h.Number()})
}

func unanswered(t *decide.Turn, h handover.Handover) {
	t.GiveBack(h, handoverv1.ReturnReason_RETURN_REASON_CONSENT_UNANSWERED)
}

// decisionDues lists the deadline for the sender's decision, after which a supervisor
// is alerted.
func decisionDues(h handover.Handover) []due {
	return when(h.DecisionDeadline, func(t *decide.Turn) {
		alertSupervisors(t, h, h.FromLine, handoverv1.SupervisorReason_SUPERVISOR_REASON_NO_DECISION)
	})
}

// awayDues lists deadlines while the child is away. A child who lost the connection or
// left may come back in time, and the handover then resumes.
func awayDues(c handover.Conversation, h handover.Handover) []due {
	switch gone := h.ChildAway(); {
	case gone && h.AwayDeadline == nil:
		return []due{{AtOnce, func(t *decide.Turn) { pause(t, h) }}}
	case gone && !h.ChildAgreed:
		return when(h.AwayDeadline, func(t *decide.Turn) { abandon(t, h) })
	case !gone && h.AwayDeadline != nil:
		return []due{{AtOnce, func(t *decide.Turn) { resume(t, h) }}}
	}
	return nil
}

// abandon ends a handover whose child did not come back. If the child is in danger, the line must decide
// once more what to do.
func abandon(t *decide.Turn, h handover.Handover) {
	t.WithdrawOffers(h)
	t.Emit(&eventv1.HandoverAbandoned{Handover: h.Number(), Stage: h.State, CustodyLine: t.Conversation.Custody.Line})
	if t.Conversation.Disappeared() {
		t.TellOfDisappearance()
	}
}

// pause suspends a handover, counting from when the child went away.
func pause(t *decide.Turn, h handover.Handover) {
	until := t.Conversation.Child().GetSince().AsTime().Add(t.Rules.Away)
	t.Emit(&eventv1.HandoverPaused{Handover: h.Number(), Deadline: timestamppb.New(until)})
}

// resume restarts the step that was waiting with its full time, and extends the budget
// by the time that the child was away.
func resume(t *decide.Turn, h handover.Handover) {
	resumed := &eventv1.HandoverResumed{Handover: h.Number(), Deadline: h.Deadline, BudgetDeadline: t.BudgetLeft(h)}
	if h.WaitsForChild() {
		resumed.Deadline = stepDeadline(t, h)
	}
	t.Emit(resumed)
}

// stepDeadline returns the new deadline of the current step, which needs the child.
func stepDeadline(t *decide.Turn, h handover.Handover) *timestamppb.Timestamp {
	var step time.Duration
	switch h.State {
	case handover.ConsentAsked:
		step = t.Rules.SenderTimes(h).Consent
	case handover.Accepted, handover.Briefing:
		step = t.Rules.SenderTimes(h).Briefing
	case handover.Bridged:
		step = t.Rules.ReceiverTimes(h, h.ToLine).Bridge
	case handover.Confirming:
		step = t.Rules.SenderTimes(h).Confirm
	default: // PROPOSED
		return t.DraftDeadline(h)
	}
	return t.In(step)
}

func unconsented(h handover.Handover) handoverv1.ReturnReason {
	if h.Consent.Refused {
		return handoverv1.ReturnReason_RETURN_REASON_CONSENT_REFUSED
	}
	return handoverv1.ReturnReason_RETURN_REASON_CONSENT_WITHDRAWN
}
