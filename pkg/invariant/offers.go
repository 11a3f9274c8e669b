package invariant

import (
	"time"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"google.golang.org/protobuf/proto"
)

// offerKey names an offer within a conversation.
type offerKey struct{ handover, offer uint32 }

// offer is one line being asked once.
type offer struct {
	// sent is the append that sent it, or that withdrew it before it was.
	sent     mark
	line     string
	deadline time.Time
	// delivery is when a machine must have it, alert when its desk is alerted again;
	// zero where it is not.
	delivery, alert time.Time
	alerts          uint32
	delivered       bool
	open, accepted  bool
}

// offerBook knows every offer of a conversation and which are open.
type offerBook map[offerKey]*offer

// apply applies one event.
func (b offerBook) apply(s step) {
	if k, ok := s.kind.(*eventv1.HandoverHastened); ok {
		b.hasten(k)
	}
	k, isOffer := s.kind.(event.OfOffer)
	if !isOffer {
		return
	}
	o := b[keyOf(k)]
	switch k := k.(type) {
	case *eventv1.OfferSent:
		b[keyOf(k)] = sentOffer(s.mark, k)
	case *eventv1.OfferWithdrawn:
		if o == nil {
			b[keyOf(k)] = &offer{sent: s.mark}
		}
	}
	if o != nil {
		o.apply(k)
	}
}

// hasten brings the deadlines of open offers forward. Their desks ring no more.
func (b offerBook) hasten(k *eventv1.HandoverHastened) {
	for key, o := range b {
		if key.handover != k.GetHandover() || !o.open {
			continue
		}
		if sooner := k.GetOfferDeadline().AsTime(); sooner.Before(o.deadline) {
			o.deadline = sooner
		}
		if o.deadline.Before(o.delivery) {
			o.delivery = o.deadline
		}
		o.alert = time.Time{}
	}
}

func sentOffer(at mark, k *eventv1.OfferSent) *offer {
	o := &offer{
		sent: at, line: k.GetLine(), deadline: k.GetDeadline().AsTime(), delivery: k.GetDeliveryDeadline().AsTime(),
		alerts: 1, open: true,
	}
	if k.AlertDeadline != nil {
		o.alert = k.AlertDeadline.AsTime()
	}
	return o
}

func (o *offer) apply(k event.OfOffer) {
	switch k := k.(type) {
	case *eventv1.OfferDelivered, *eventv1.OfferAlerting:
		o.delivered = true
	case *eventv1.OfferAlerted:
		o.alerts, o.alert = k.GetAlert(), time.Time{}
		if k.AlertDeadline != nil {
			o.alert = k.AlertDeadline.AsTime()
		}
	case *eventv1.OfferAccepted:
		o.accepted = true
	}
	if endsOffer(k) {
		o.open = false
	}
}

// endsOffer tells whether an event is an end of an offer.
func endsOffer(kind proto.Message) bool {
	switch kind.(type) {
	case *eventv1.OfferAccepted, *eventv1.OfferDeclined, *eventv1.OfferTimedOut, *eventv1.OfferUnreachable, *eventv1.OfferWithdrawn:
		return true
	}
	return false
}

// isOpen reports whether an offer to a line is open.
func (b offerBook) isOpen(handover, number uint32, line string) bool {
	o, ok := b[offerKey{handover, number}]
	return ok && o.open && o.line == line
}

// asking tells whether a line of a handover is being asked, or has accepted.
func (b offerBook) asking(handover uint32) bool {
	for key, o := range b {
		if key.handover == handover && (o.open || o.accepted) {
			return true
		}
	}
	return false
}

func keyOf(k event.OfOffer) offerKey { return offerKey{k.GetHandover(), k.GetOffer()} }
