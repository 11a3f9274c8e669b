package deadline

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// hastenDues applies the times of imminent risk at once when the risk has become imminent while
// somebody was being waited for.
func hastenDues(h handover.Handover) []due {
	if !h.MustHasten() {
		return nil
	}
	return []due{{AtOnce, func(t *decide.Turn) { hasten(t, h) }}}
}

// hasten shortens what runs. A deadline that is earlier already stays.
func hasten(t *decide.Turn, h handover.Handover) {
	hastened := &eventv1.HandoverHastened{Handover: h.Number(), OfferDeadline: shortestOffer(t, h)}
	if h.BudgetDeadline != nil {
		hastened.BudgetDeadline = t.In(t.Rules.BudgetImminent)
	}
	if h.State == handover.Accepted && h.ReceiverParticipant == "" {
		hastened.JoinDeadline = t.In(min(t.Rules.ReceiverTimes(h, h.ToLine).Join, t.Rules.Live.Join))
	}
	if h.DecisionDeadline != nil {
		hastened.DecisionDeadline = t.In(decisionTime(t, h))
	}
	t.Emit(hastened)
}

// shortestOffer returns when every line that is being asked must have answered, or nil if none is.
func shortestOffer(t *decide.Turn, h handover.Handover) *timestamppb.Timestamp {
	shortest := t.Rules.OfferImminent
	for o := range h.Offers() {
		if o.Open() {
			shortest = min(shortest, t.Rules.ReceiverTimes(h, o.Line).Offer)
		}
	}
	if h.OpenOffers() == 0 {
		return nil
	}
	return t.In(shortest)
}

// decisionTime returns how long the sender has to decide in danger.
func decisionTime(t *decide.Turn, h handover.Handover) time.Duration {
	if h.State == handover.Deferred {
		return max(t.Rules.DeferralDecision, t.Rules.Live.Decision)
	}
	return t.Rules.Live.Decision
}
