package invariant

import (
	"time"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"google.golang.org/protobuf/proto"
)

// offerKey names an offer within a conversation.
type offerKey struct{ handover, offer uint32 }

// offer is one line being asked once.
type offer struct {
	// sent is the append that sent it.
	sent     Recorded
	line     string
	deadline time.Time
	open     bool
}

// offerBook knows every offer of a conversation and which are open.
type offerBook map[offerKey]*offer

// apply follows one event.
func (b offerBook) apply(s step) {
	if k, ok := s.kind.(*eventv1.OfferSent); ok {
		b[keyOf(k)] = &offer{sent: s.Recorded, line: k.GetLine(), deadline: k.GetDeadline().AsTime(), open: true}
		return
	}
	if o := b.ofEnd(s.kind); o != nil {
		o.open = false
	}
}

// ofEnd returns the offer that an event ends, or nil.
func (b offerBook) ofEnd(kind proto.Message) *offer {
	switch k := kind.(type) {
	case *eventv1.OfferAccepted:
		return b[keyOf(k)]
	case *eventv1.OfferDeclined:
		return b[keyOf(k)]
	case *eventv1.OfferTimedOut:
		return b[keyOf(k)]
	case *eventv1.OfferWithdrawn:
		return b[keyOf(k)]
	}
	return nil
}

// isOpen tells whether an offer to a line is open.
func (b offerBook) isOpen(handover, number uint32, line string) bool {
	o, ok := b[offerKey{handover, number}]
	return ok && o.open && o.line == line
}

// about is every event that names an offer.
type about interface {
	proto.Message
	GetHandover() uint32
	GetOffer() uint32
}

func keyOf(k about) offerKey { return offerKey{k.GetHandover(), k.GetOffer()} }
