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

// Preempted returns the offer whose seat a child in imminent danger took, or none. That happens once
// in a handover.
func (h Handover) Preempted() Offer {
	for o := range h.Offers() {
		if o.PassReason == handoverv1.PassReason_PASS_REASON_PREEMPTED {
			return o
		}
	}
	return Offer{}
}

// Yields reports whether a child in imminent danger may take the seat of an offer: no person has accepted it,
// its own child is in less danger, and its handover has lost no seat yet.
func (h Handover) Yields(o Offer) bool {
	return o.Open() && !h.Stopped() && !h.Imminent() && !h.MustHasten() && !h.Preempted().Exists() && h.BudgetDeadline != nil
}

// Owed returns the planned offer to the line whose seat was taken, or none. It waits for the next seat
// of that line as long as the budget lasts.
func (h Handover) Owed() Offer {
	taken := h.Preempted()
	for o := range h.Offers() {
		if o.State == OfferPlanned && o.Line == taken.GetLine() && h.BudgetDeadline != nil {
			return o
		}
	}
	return Offer{}
}

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
// them must wait, and whether any is planned. One that waits for a seat may be asked whenever there is one, and
// until the budget is spent.
func (h Handover) NextAsk() (next time.Time, planned bool) {
	owed := h.Owed().Number()
	for o := range h.Offers() {
		if o.State != OfferPlanned {
			continue
		}
		at := time.Time{}
		if wait := h.Candidate(o.Line).GetAskTime(); wait != nil {
			at = wait.AsTime()
		}
		if o.Number() == owed {
			at = h.BudgetDeadline.AsTime()
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
