package facts

import (
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// OfferKey names an offer within a conversation.
type OfferKey struct{ Handover, Offer uint32 }

// Offer is one line being asked once.
type Offer struct {
	// Sent is the commit that sent it, or that withdrew it before it was.
	Sent     Mark
	Line     string
	Deadline time.Time
	// Delivery is when a machine must have it, alert when its desk is alerted again;
	// zero where it is not.
	Delivery, Alert time.Time
	Alerts          uint32
	Delivered       bool
	Open, Accepted  bool
}

// offerBook knows every offer of a conversation and which are open.
type offerBook map[OfferKey]*Offer

// Apply applies one event.
func (b offerBook) apply(s Step) {
	if k, ok := s.Kind.(*eventv1.HandoverHastened); ok {
		b.hasten(k)
	}
	k, isOffer := s.Kind.(event.OfOffer)
	if !isOffer {
		return
	}
	o := b[KeyOf(k)]
	switch k := k.(type) {
	case *eventv1.OfferSent:
		b[KeyOf(k)] = sentOffer(s.Mark, k)
	case *eventv1.OfferWithdrawn:
		if o == nil {
			b[KeyOf(k)] = &Offer{Sent: s.Mark}
		}
	}
	if o != nil {
		o.apply(k)
	}
}

// hasten brings the deadlines of open offers forward. Their desks ring no more.
func (b offerBook) hasten(k *eventv1.HandoverHastened) {
	for key, o := range b {
		if key.Handover != k.GetHandover() || !o.Open {
			continue
		}
		if sooner := k.GetOfferDeadline().AsTime(); sooner.Before(o.Deadline) {
			o.Deadline = sooner
		}
		if o.Deadline.Before(o.Delivery) {
			o.Delivery = o.Deadline
		}
		o.Alert = time.Time{}
	}
}

func sentOffer(at Mark, k *eventv1.OfferSent) *Offer {
	o := &Offer{
		Sent: at, Line: k.GetLine(), Deadline: k.GetDeadline().AsTime(), Delivery: k.GetDeliveryDeadline().AsTime(),
		Alerts: 1, Open: true,
	}
	if k.AlertDeadline != nil {
		o.Alert = k.AlertDeadline.AsTime()
	}
	return o
}

func (o *Offer) apply(k event.OfOffer) {
	switch k := k.(type) {
	case *eventv1.OfferDelivered, *eventv1.OfferAlerting:
		o.Delivered = true
	case *eventv1.OfferAlerted:
		o.Alerts, o.Alert = k.GetAlert(), time.Time{}
		if k.AlertDeadline != nil {
			o.Alert = k.AlertDeadline.AsTime()
		}
	case *eventv1.OfferAccepted:
		o.Accepted = true
	case *eventv1.OfferGivenBack:
		o.Accepted = false
	}
	if EndsOffer(k) {
		o.Open = false
	}
}

// EndsOffer tells whether an event is an end of an offer.
func EndsOffer(kind proto.Message) bool {
	switch kind.(type) {
	case *eventv1.OfferAccepted, *eventv1.OfferDeclined, *eventv1.OfferTimedOut, *eventv1.OfferUnreachable, *eventv1.OfferWithdrawn:
		return true
	}
	return false
}

// IsPreempted tells whether an offer lost its seat to a child in imminent danger.
func IsPreempted(k *eventv1.OfferWithdrawn) bool {
	return k.GetReason() == handoverv1.PassReason_PASS_REASON_PREEMPTED
}

// IsOpen reports whether an offer to a line is open.
func (b offerBook) IsOpen(handover, number uint32, line string) bool {
	o, ok := b[OfferKey{handover, number}]
	return ok && o.Open && o.Line == line
}

// Asked counts the lines of a handover that are being asked, or have accepted.
func (b offerBook) Asked(handover uint32) int {
	asked := 0
	for key, o := range b {
		if key.Handover == handover && (o.Open || o.Accepted) {
			asked++
		}
	}
	return asked
}

// Ringing tells whether a line of a handover is being asked.
func (b offerBook) Ringing(handover uint32) bool {
	for key, o := range b {
		if key.Handover == handover && o.Open {
			return true
		}
	}
	return false
}

// KeyOf is the key of the offer that an event is about.
func KeyOf(k event.OfOffer) OfferKey { return OfferKey{k.GetHandover(), k.GetOffer()} }
