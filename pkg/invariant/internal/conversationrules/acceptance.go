package conversationrules

import (
	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// acceptance checks I4: one accept wins, whatever the race; every other offer that
// was open then is withdrawn.
type acceptance struct {
	rule.Base
	*facts.Facts
	// winners is the accepted offer of each handover.
	winners map[uint32]facts.OfferKey
	losers  map[facts.OfferKey]bool
}

func NewAcceptance(f rule.Base, known *facts.Facts) rule.Walker {
	return &acceptance{Base: f, Facts: known, winners: map[uint32]facts.OfferKey{}, losers: map[facts.OfferKey]bool{}}
}

func (a *acceptance) Event(s facts.Step) {
	switch k := s.Kind.(type) {
	case *eventv1.OfferAccepted:
		a.accepted(s, k)
	case *eventv1.OfferGivenBack:
		delete(a.winners, k.GetHandover())
	case *eventv1.OfferWithdrawn:
		delete(a.losers, facts.KeyOf(k))
	case event.OfOffer:
		if a.losers[facts.KeyOf(k)] && facts.EndsOffer(k) {
			a.Violated(s.Mark, "offer %d of handover %d was not withdrawn although offer %d had won",
				k.GetOffer(), k.GetHandover(), a.winners[k.GetHandover()].Offer)
			delete(a.losers, facts.KeyOf(k))
		}
	}
}

func (a *acceptance) accepted(s facts.Step, k *eventv1.OfferAccepted) {
	a.Applies()
	delete(a.losers, facts.KeyOf(k))
	if first, ok := a.winners[k.GetHandover()]; ok {
		a.Violated(s.Mark, "offer %d of handover %d was accepted after offer %d had won",
			k.GetOffer(), k.GetHandover(), first.Offer)
		return
	}
	if o := a.Offers[facts.KeyOf(k)]; o != nil && !s.Time.Before(o.Deadline) {
		a.Violated(s.Mark, "offer %d of handover %d was accepted at its deadline or later", k.GetOffer(), k.GetHandover())
	}
	a.winners[k.GetHandover()] = facts.KeyOf(k)
	for key, o := range a.Offers {
		if key.Handover == k.GetHandover() && key != facts.KeyOf(k) && o.Open {
			a.losers[key] = true
		}
	}
}

func (a *acceptance) End() {
	for key := range a.losers {
		a.Violated(a.Offers[key].Sent, "offer %d of handover %d stayed open although offer %d was accepted",
			key.Offer, key.Handover, a.winners[key.Handover].Offer)
	}
}
