package evolve

import (
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// evolveEnd applies the ends at which custody stays with the sender, and what follows
// them.
func evolveEnd(c handover.Conversation, h handover.Handover, what event.OfHandover, at time.Time) {
	switch what := what.(type) {
	case *eventv1.HandoverReturned:
		h.ReturnReason = what.Reason
		end(c, h, handover.Returned, at)
		if what.DecisionDeadline != nil {
			h.NextActor, h.DecisionDue, h.DecisionDeadline = handover.ActorSender, true, what.DecisionDeadline
			h.Hastened = h.Imminent()
		}
	case *eventv1.HandoverCancelled:
		h.CancelReason, h.CancelUnconfirmed = what.Reason, h.AskedLines()
		end(c, h, handover.Cancelled, at)
		if len(h.CancelUnconfirmed) > 0 {
			move(h, handover.Cancelled, handover.ActorReceiver, what.Deadline)
		}
	case *eventv1.CancelConfirmed:
		evolveCancelConfirmed(h, what)
	case *eventv1.HandoverAbandoned:
		h.AbandonedStage = what.Stage
		end(c, h, handover.Abandoned, at)
	case *eventv1.HandoverDeferred:
		h.Slot, h.DeferReason = what.Slot, what.Reason
		end(c, h, handover.Deferred, at)
		move(h, handover.Deferred, handover.ActorSender, what.Slot.GetStartTime())
	case *eventv1.DeferralDue:
		h.Deadline, h.DecisionDue, h.DecisionDeadline = nil, true, what.DecisionDeadline
	case *eventv1.PromiseLost:
		h.DecisionDue, h.DecisionDeadline = true, what.DecisionDeadline
		h.Hastened = h.Imminent()
	case *eventv1.HandoverSignposted:
		h.SignpostLine, h.SignpostReason = what.Line, what.Reason
		end(c, h, handover.Signposted, at)
	default:
		becomeEmergency(c, h, what, at)
	}
}

func evolveCancelConfirmed(h handover.Handover, what *eventv1.CancelConfirmed) {
	h.CancelUnconfirmed = slices.DeleteFunc(h.CancelUnconfirmed, func(line string) bool { return line == what.Line })
	if len(h.CancelUnconfirmed) == 0 {
		move(h, handover.CancelConfirmed, handover.ActorNobody, nil)
	}
}

// becomeEmergency applies an emergency of earlier histories, in which it ended its handover.
func becomeEmergency(c handover.Conversation, h handover.Handover, what event.OfHandover, at time.Time) {
	switch what := what.(type) {
	case *eventv1.EmergencyCalled:
		h.EmergencyService = what.Service
		end(c, h, handover.Emergency, at)
		move(h, handover.Emergency, handover.ActorSender, what.Deadline)
	case *eventv1.EmergencyOverdue:
		h.Deadline = what.Deadline
	case *eventv1.EmergencyConfirmed:
		h.Outcome = handoverv1.Outcome_OUTCOME_EMERGENCY_CONFIRMED
		move(h, handover.Closed, handover.ActorNobody, nil)
	}
}

// end ends a handover whose custody stays with the sender. It frees every offer and
// seat, and takes the receiver out of the conversation.
func end(c handover.Conversation, h handover.Handover, state handoverv1.HandoverState, at time.Time) {
	unplan(h)
	freeSeats(h)
	clearDecision(h)
	h.SenderLost, h.BridgeTime, h.StayAsked = false, nil, false
	h.RemindTime, h.AwayDeadline, h.BudgetDeadline = nil, nil, nil
	move(h, state, handover.ActorNobody, nil)
	if h.ToLine != "" {
		dismissCounsellors(c, h.ToLine, at)
	}
}

func freeSeats(h handover.Handover) {
	for o := range h.Offers() {
		o.Lease = false
	}
}
