package conversationrules

import (
	"time"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
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
	rule.Base
	*facts.Facts
	// over is the commit with which a handover ceased to look for a line.
	over map[uint32]facts.Mark
}

func NewEndings(f rule.Base, known *facts.Facts) rule.Walker {
	return &endings{Base: f, Facts: known, over: map[uint32]facts.Mark{}}
}

func (e *endings) Event(s facts.Step) {
	k, isOffer := s.Kind.(event.OfOffer)
	switch {
	case isOffer:
		e.Applies()
		if fault := e.fault(s, k); fault != "" {
			e.Violated(s.Mark, "offer %d of handover %d %s", k.GetOffer(), k.GetHandover(), fault)
		}
	case finishes(s):
		e.over[event.Handover(s.Kind)] = s.Mark
	}
}

// finishes tells whether a handover looks for no line any more.
func finishes(s facts.Step) bool {
	switch s.Kind.(type) {
	case *eventv1.OutcomeReported, *eventv1.CustodyTransferred:
		return true
	}
	return facts.Stays(s.Kind)
}

// fault says what is wrong with an offer's event, or nothing.
func (e *endings) fault(s facts.Step, k event.OfOffer) string {
	o, known := e.Offers[facts.KeyOf(k)]
	_, isNew := k.(*eventv1.OfferSent)
	_, withdrawn := k.(*eventv1.OfferWithdrawn)
	switch {
	case isNew && known:
		return "was sent twice, or after it had been withdrawn"
	case isNew, withdrawn && !known && e.passed(s, k):
		return ""
	case !known:
		return "was never sent"
	case e.givesBack(k, o):
		return ""
	case !o.Open:
		return "went on after it had ended"
	case e.outlived(s, k):
		return "outlived its handover"
	}
	return untimely(o, s.Time, k)
}

// givesBack tells whether the line that has accepted gives the child back before custody has
// moved.
func (e *endings) givesBack(k event.OfOffer, o *facts.Offer) bool {
	_, back := k.(*eventv1.OfferGivenBack)
	_, over := e.over[k.GetHandover()]
	return back && o.Accepted && !over && e.Handover(k.GetHandover()).To == o.Line
}

// passed tells whether a planned line could not be asked: it had closed, or its event
// says why.
func (e *endings) passed(s facts.Step, k event.OfOffer) bool {
	if k.(*eventv1.OfferWithdrawn).GetReason() != 0 {
		return true
	}
	line := e.Handover(k.GetHandover()).Candidate(k.GetOffer())
	return line.GetOpenUntil() != nil && !s.Time.Before(line.GetOpenUntil().AsTime())
}

// outlived tells whether the handover had ended in an earlier commit.
func (e *endings) outlived(s facts.Step, k event.OfOffer) bool {
	over, ended := e.over[k.GetHandover()]
	return ended && over.Position != s.Position
}

// untimely says why an event does not fit the offer's own times, or nothing.
func untimely(o *facts.Offer, now time.Time, k event.OfOffer) string {
	switch k := k.(type) {
	case *eventv1.OfferTimedOut:
		if now.Before(o.Deadline) {
			return "timed out before its deadline"
		}
	case *eventv1.OfferAccepted:
		if now.After(o.Deadline) {
			return "was accepted after its deadline"
		}
	case *eventv1.OfferUnreachable:
		if now.Before(o.Delivery) || o.Delivered {
			return "was called unreachable before its time, or after it was delivered"
		}
	case *eventv1.OfferAlerted:
		if o.Alert.IsZero() || now.Before(o.Alert) || k.GetAlert() != o.Alerts+1 {
			return "was alerted out of turn"
		}
	}
	return ""
}

func (e *endings) End() {
	for key, o := range e.Offers {
		if _, over := e.over[key.Handover]; o.Open && over {
			e.Violated(o.Sent, "offer %d is open although handover %d is over", key.Offer, key.Handover)
		}
	}
}
