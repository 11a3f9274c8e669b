package invariant

import (
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// endings checks the first half of I5: every offer ends exactly once, nothing
// happens to it afterwards, and none outlives its handover. It times out no
// sooner than its deadline and is accepted no later: a late accept is TOO_LATE.
//
// Accepted is an end of the offer, also where the handover then comes back.
type endings struct {
	*finder
	offers offerBook
	// over are the handovers that no longer look for a line.
	over map[uint32]bool
}

func newEndings(f *finder) walker {
	return &endings{finder: f, offers: offerBook{}, over: map[uint32]bool{}}
}

func (e *endings) event(s step) {
	switch k := s.kind.(type) {
	case *eventv1.OutcomeReported, *eventv1.HandoverReturned, *eventv1.HandoverCancelled, *eventv1.CustodyTransferred:
		e.over[handoverOf(k)] = true
	case about:
		e.applies()
		e.offerEvent(s, k)
	}
	e.offers.apply(s)
}

func (e *endings) offerEvent(s step, k about) {
	o, known := e.offers[keyOf(k)]
	_, isNew := k.(*eventv1.OfferSent)
	switch {
	case isNew && known:
		e.violated(s.Recorded, "offer %d of handover %d was sent twice", k.GetOffer(), k.GetHandover())
	case isNew:
	case !known:
		e.violated(s.Recorded, "offer %d of handover %d was never sent", k.GetOffer(), k.GetHandover())
	case !o.open:
		e.violated(s.Recorded, "offer %d of handover %d went on after it had ended", k.GetOffer(), k.GetHandover())
	default:
		e.inTime(s, k, o)
	}
}

func (e *endings) inTime(s step, k about, o *offer) {
	switch k.(type) {
	case *eventv1.OfferTimedOut:
		if s.time().Before(o.deadline) {
			e.violated(s.Recorded, "offer %d of handover %d timed out before its deadline", k.GetOffer(), k.GetHandover())
		}
	case *eventv1.OfferAccepted:
		if s.time().After(o.deadline) {
			e.violated(s.Recorded, "offer %d of handover %d was accepted after its deadline", k.GetOffer(), k.GetHandover())
		}
	}
}

func (e *endings) end() {
	for key, o := range e.offers {
		if o.open && e.over[key.handover] {
			e.violated(o.sent, "offer %d is open although handover %d is over", key.offer, key.handover)
		}
	}
}
