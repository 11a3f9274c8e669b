package handover

import (
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Offer is one offer of a handover. It knows its number. The zero Offer stands for none.
type Offer struct {
	*statev1.Offer
	number uint32
}

// Exists reports whether this is an offer and not the zero value.
func (o Offer) Exists() bool { return o.Offer != nil }

// Number returns the number of the offer in its handover, counted from 1, or 0 for none.
func (o Offer) Number() uint32 { return o.number }

// Open reports whether the offer still awaits an answer.
func (o Offer) Open() bool { return OfferOpen(o.GetState()) }

// OfferOpen reports whether an offer in a state still awaits an answer.
func OfferOpen(state handoverv1.OfferState) bool {
	return state == OfferSent || state == OfferDelivered || state == OfferAlerting
}

// Sent reports whether the offer was ever sent, and not only planned.
func (o Offer) Sent() bool { return o.GetCreateTime() != nil }

// OpenOffers counts the offers that await an answer.
func (h Handover) OpenOffers() int {
	n := 0
	for o := range h.Offers() {
		if o.Open() {
			n++
		}
	}
	return n
}

// NextAsk returns when the next planned line may be asked, which is the zero time unless all of
// them must wait, and whether any is planned.
func (h Handover) NextAsk() (next time.Time, planned bool) {
	for o := range h.Offers() {
		if o.State != OfferPlanned {
			continue
		}
		at := time.Time{}
		if wait := h.Candidate(o.Line).GetAskTime(); wait != nil {
			at = wait.AsTime()
		}
		if !planned || at.Before(next) {
			next, planned = at, true
		}
	}
	return next, planned
}

// parallelImminent is the number of lines asked at once at imminent risk.
const parallelImminent = 2

// OffersWanted returns the number of lines to ask at the same time.
func (h Handover) OffersWanted() int {
	if h.Imminent() {
		return parallelImminent
	}
	return 1
}

// AskedLines returns the lines with an open or accepted offer, which must learn of a
// cancellation.
func (h Handover) AskedLines() []string {
	var lines []string
	for o := range h.Offers() {
		if o.Open() || o.State == OfferAccepted {
			lines = append(lines, o.Line)
		}
	}
	return lines
}
