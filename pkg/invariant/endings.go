package invariant

import (
	"time"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// endings checks the first half of I5: every offer ends exactly once, nothing
// happens to it afterwards, and none outlives its handover. It times out no
// sooner than its deadline and is accepted no later: a late accept is TOO_LATE.
// A machine that took it is not silent, and its desk is alerted only when it is due.
//
// Accepted is an end of the offer, also where the handover then comes back. A line
// that closed before it was asked is withdrawn from the plan.
type endings struct {
	*finder
	*facts
	// over is the append with which a handover ceased to look for a line.
	over map[uint32]mark
}

func newEndings(f *finder, facts *facts) walker {
	return &endings{finder: f, facts: facts, over: map[uint32]mark{}}
}

func (e *endings) event(s step) {
	k, isOffer := s.kind.(event.OfOffer)
	switch {
	case isOffer:
		e.applies()
		if fault := e.fault(s, k); fault != "" {
			e.violated(s.mark, "offer %d of handover %d %s", k.GetOffer(), k.GetHandover(), fault)
		}
	case finishes(s):
		e.over[event.Handover(s.kind)] = s.mark
	}
}

// finishes tells whether a handover looks for no line any more.
func finishes(s step) bool {
	switch s.kind.(type) {
	case *eventv1.OutcomeReported, *eventv1.CustodyTransferred:
		return true
	}
	return stays(s.kind)
}

// fault says what is wrong with an offer's event, or nothing.
func (e *endings) fault(s step, k event.OfOffer) string {
	o, known := e.offers[keyOf(k)]
	_, isNew := k.(*eventv1.OfferSent)
	_, withdrawn := k.(*eventv1.OfferWithdrawn)
	switch {
	case isNew && known:
		return "was sent twice, or after it had been withdrawn"
	case isNew, withdrawn && !known && e.passed(s, k):
		return ""
	case !known:
		return "was never sent"
	case !o.open:
		return "went on after it had ended"
	case e.outlived(s, k):
		return "outlived its handover"
	}
	return o.untimely(s.time, k)
}

// passed tells whether a planned line could not be asked: it had closed, or its event
// says why.
func (e *endings) passed(s step, k event.OfOffer) bool {
	if k.(*eventv1.OfferWithdrawn).GetReason() != 0 {
		return true
	}
	line := e.handover(k.GetHandover()).candidate(k.GetOffer())
	return line.GetOpenUntil() != nil && !s.time.Before(line.GetOpenUntil().AsTime())
}

// outlived tells whether the handover had ended in an earlier append.
func (e *endings) outlived(s step, k event.OfOffer) bool {
	over, ended := e.over[k.GetHandover()]
	return ended && over.position != s.position
}

// untimely says why an event does not fit the offer's own times, or nothing.
func (o *offer) untimely(now time.Time, k event.OfOffer) string {
	switch k := k.(type) {
	case *eventv1.OfferTimedOut:
		if now.Before(o.deadline) {
			return "timed out before its deadline"
		}
	case *eventv1.OfferAccepted:
		if now.After(o.deadline) {
			return "was accepted after its deadline"
		}
	case *eventv1.OfferUnreachable:
		if now.Before(o.delivery) || o.delivered {
			return "was called unreachable before its time, or after it was delivered"
		}
	case *eventv1.OfferAlerted:
		if o.alert.IsZero() || now.Before(o.alert) || k.GetAlert() != o.alerts+1 {
			return "was alerted out of turn"
		}
	}
	return ""
}

func (e *endings) end() {
	for key, o := range e.offers {
		if _, over := e.over[key.handover]; o.open && over {
			e.violated(o.sent, "offer %d is open although handover %d is over", key.offer, key.handover)
		}
	}
}
