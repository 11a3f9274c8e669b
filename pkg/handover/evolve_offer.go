package handover

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	offerSent      = handoverv1.OfferState_OFFER_STATE_SENT
	offerDelivered = handoverv1.OfferState_OFFER_STATE_DELIVERED
	offerAlerting  = handoverv1.OfferState_OFFER_STATE_ALERTING
	offerAccepted  = handoverv1.OfferState_OFFER_STATE_ACCEPTED
	offerDeclined  = handoverv1.OfferState_OFFER_STATE_DECLINED
	offerTimedOut  = handoverv1.OfferState_OFFER_STATE_TIMED_OUT
	offerWithdrawn = handoverv1.OfferState_OFFER_STATE_WITHDRAWN
)

// numberedOffer is an event of one offer of one handover.
type numberedOffer interface {
	numbered
	GetOffer() uint32
}

func evolveOffer(c *handoverv1.Conversation, h *handoverv1.Handover, what numberedOffer, at time.Time) {
	if sent, ok := what.(*eventv1.OfferSent); ok {
		h.Offers = append(h.Offers, &handoverv1.Offer{
			Name: OfferName(h.Name, sent.Offer), Line: sent.Line, State: offerSent,
			Deadline: sent.Deadline, CreateTime: timestamppb.New(at),
		})
		move(h, offered, receiver, latest(h))
		return
	}
	n := what.GetOffer()
	if n == 0 || int(n) > len(h.Offers) {
		return
	}
	evolveSent(h, h.Offers[n-1], what)
}

// evolveSent applies an event of an offer that was sent.
func evolveSent(h *handoverv1.Handover, o *handoverv1.Offer, what numberedOffer) {
	switch what := what.(type) {
	case *eventv1.OfferDelivered:
		o.State = offerDelivered
	case *eventv1.OfferAlerting:
		o.State = offerAlerting
	case *eventv1.OfferDeclined:
		o.State, o.DeclineCode = offerDeclined, what.Code
	case *eventv1.OfferTimedOut:
		o.State = offerTimedOut
	case *eventv1.OfferWithdrawn:
		o.State = offerWithdrawn
	case *eventv1.OfferAccepted:
		o.State = offerAccepted
		h.ToLine = what.Line
		move(h, accepted, receiver, what.Deadline)
	}
	if last := latest(h); h.State == offered && last != nil {
		h.Deadline = last
	}
}

// OpenOffer says whether an offer still waits for its line.
func OpenOffer(o *handoverv1.Offer) bool {
	return o.State == offerSent || o.State == offerDelivered || o.State == offerAlerting
}

// latest is the last deadline among a handover's open offers.
func latest(h *handoverv1.Handover) *timestamppb.Timestamp {
	var last *timestamppb.Timestamp
	for _, o := range h.Offers {
		if OpenOffer(o) && (last == nil || last.AsTime().Before(o.Deadline.AsTime())) {
			last = o.Deadline
		}
	}
	return last
}
