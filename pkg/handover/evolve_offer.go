package handover

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	offerPlanned     = handoverv1.OfferState_OFFER_STATE_PLANNED
	offerSent        = handoverv1.OfferState_OFFER_STATE_SENT
	offerDelivered   = handoverv1.OfferState_OFFER_STATE_DELIVERED
	offerAlerting    = handoverv1.OfferState_OFFER_STATE_ALERTING
	offerAccepted    = handoverv1.OfferState_OFFER_STATE_ACCEPTED
	offerDeclined    = handoverv1.OfferState_OFFER_STATE_DECLINED
	offerTimedOut    = handoverv1.OfferState_OFFER_STATE_TIMED_OUT
	offerUnreachable = handoverv1.OfferState_OFFER_STATE_UNREACHABLE
	offerWithdrawn   = handoverv1.OfferState_OFFER_STATE_WITHDRAWN
)

// plan records the lines to ask, in order.
func plan(h Handover, decision *handoverv1.RoutingDecision) {
	h.Routing = decision
	for _, candidate := range decision.GetCandidates() {
		if len(candidate.Failed) == 0 {
			name := OfferName(h.Name, uint32(len(h.GetOffers())+1))
			h.Handover.Offers = append(h.Handover.Offers, &handoverv1.Offer{Name: name, Line: candidate.Line, State: offerPlanned})
		}
	}
	if h.OpenOffers() > 0 { // only in a foreign history
		move(h, offered, receiver, h.LastDeadline())
	}
}

func evolveOffer(h Handover, what event.OfOffer, at time.Time) {
	o := h.Offer(what.GetOffer())
	if !o.Exists() {
		return
	}
	switch what := what.(type) {
	case *eventv1.OfferSent:
		o.State, o.Deadline, o.CreateTime, o.Lease = offerSent, what.Deadline, timestamppb.New(at), true
		o.Unit, o.DeliveryDeadline, o.Alerts, o.AlertDeadline = what.Unit, what.DeliveryDeadline, 1, what.AlertDeadline
		move(h, offered, receiver, nil)
	case *eventv1.OfferDelivered:
		o.State = offerDelivered
	case *eventv1.OfferAlerting:
		o.State = offerAlerting
	case *eventv1.OfferAlerted:
		o.Alerts, o.AlertDeadline = what.Alert, what.AlertDeadline
	case *eventv1.OfferAccepted:
		o.State = offerAccepted
		h.ToLine = what.Line
		unplan(h)
		move(h, accepted, receiver, what.Deadline)
	default:
		evolveUnwilling(o, what)
	}
	if h.State == offered {
		h.Deadline = h.LastDeadline()
	}
}

// evolveUnwilling applies an end of an offer other than an accept. It frees the seat.
func evolveUnwilling(o Offer, what event.OfOffer) {
	o.Lease = false
	switch what := what.(type) {
	case *eventv1.OfferDeclined:
		o.State, o.DeclineCode = offerDeclined, what.Code
	case *eventv1.OfferTimedOut:
		o.State = offerTimedOut
	case *eventv1.OfferUnreachable:
		o.State = offerUnreachable
	case *eventv1.OfferWithdrawn:
		o.State, o.PassReason = offerWithdrawn, what.Reason
	}
}

// unplan ends planned offers that were never sent. No line knew of them, so they need
// no event.
func unplan(h Handover) {
	for o := range h.Offers() {
		if o.State == offerPlanned {
			o.State = offerWithdrawn
		}
	}
}
