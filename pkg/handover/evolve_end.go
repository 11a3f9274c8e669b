package handover

import (
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// evolveEnd applies the ends at which custody stays with the sender, and what follows
// them.
func evolveEnd(c Conversation, h Handover, what event.OfHandover, at time.Time) {
	switch what := what.(type) {
	case *eventv1.HandoverReturned:
		h.ReturnReason = what.Reason
		end(c, h, returned, at)
		if what.DecisionDeadline != nil {
			h.NextActor, h.DecisionDue, h.DecisionDeadline = sender, true, what.DecisionDeadline
		}
	case *eventv1.HandoverCancelled:
		h.CancelReason, h.CancelUnconfirmed = what.Reason, h.AskedLines()
		end(c, h, cancelled, at)
		if len(h.CancelUnconfirmed) > 0 {
			move(h, cancelled, receiver, what.Deadline)
		}
	case *eventv1.CancelConfirmed:
		evolveCancelConfirmed(h, what)
	case *eventv1.HandoverAbandoned:
		h.AbandonedStage = what.Stage
		end(c, h, abandoned, at)
	case *eventv1.HandoverDeferred:
		h.Slot, h.DeferReason = what.Slot, what.Reason
		end(c, h, deferred, at)
		move(h, deferred, sender, what.Slot.GetStartTime())
	case *eventv1.DeferralDue:
		h.Deadline, h.DecisionDue, h.DecisionDeadline = nil, true, what.DecisionDeadline
	case *eventv1.HandoverSignposted:
		h.SignpostLine, h.SignpostReason = what.Line, what.Reason
		end(c, h, signposted, at)
	default:
		evolveEmergency(c, h, what, at)
	}
}

func evolveCancelConfirmed(h Handover, what *eventv1.CancelConfirmed) {
	h.CancelUnconfirmed = slices.DeleteFunc(h.CancelUnconfirmed, func(line string) bool { return line == what.Line })
	if len(h.CancelUnconfirmed) == 0 {
		move(h, cancelConfirmed, nobody, nil)
	}
}

func evolveEmergency(c Conversation, h Handover, what event.OfHandover, at time.Time) {
	switch what := what.(type) {
	case *eventv1.EmergencyCalled:
		h.EmergencyService = what.Service
		end(c, h, emergency, at)
		move(h, emergency, sender, what.Deadline)
	case *eventv1.EmergencyOverdue:
		h.Deadline = what.Deadline
	case *eventv1.EmergencyConfirmed:
		h.Outcome = handoverv1.Outcome_OUTCOME_EMERGENCY_CONFIRMED
		move(h, closed, nobody, nil)
	}
}

// end ends a handover whose custody stays with the sender. It frees every offer and
// seat, and takes the receiver out of the conversation.
func end(c Conversation, h Handover, state handoverv1.HandoverState, at time.Time) {
	unplan(h)
	freeSeats(h)
	clearDecision(h)
	h.RemindTime, h.AwayDeadline, h.BudgetDeadline = nil, nil, nil
	if h.ToLine != "" && h.ToLine != c.Custody.GetLine() {
		dismissCounsellors(c, h.ToLine, at)
	}
	move(h, state, nobody, nil)
}

func freeSeats(h Handover) {
	for o := range h.Offers() {
		o.Lease = false
	}
}
