package invariant

import "github.com/stafett/stafett/pkg/event"

import eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"

// acceptance checks I4: one accept wins, whatever the race; every other offer that
// was open then is withdrawn.
type acceptance struct {
	*finder
	*facts
	// winners is the accepted offer of each handover.
	winners map[uint32]offerKey
	losers  map[offerKey]bool
}

func newAcceptance(f *finder, facts *facts) walker {
	return &acceptance{finder: f, facts: facts, winners: map[uint32]offerKey{}, losers: map[offerKey]bool{}}
}

func (a *acceptance) event(s step) {
	switch k := s.kind.(type) {
	case *eventv1.OfferAccepted:
		a.accepted(s, k)
	case *eventv1.OfferWithdrawn:
		delete(a.losers, keyOf(k))
	case event.OfOffer:
		if a.losers[keyOf(k)] && endsOffer(k) {
			a.violated(s.mark, "offer %d of handover %d was not withdrawn although offer %d had won",
				k.GetOffer(), k.GetHandover(), a.winners[k.GetHandover()].offer)
			delete(a.losers, keyOf(k))
		}
	}
}

func (a *acceptance) accepted(s step, k *eventv1.OfferAccepted) {
	a.applies()
	delete(a.losers, keyOf(k))
	if first, ok := a.winners[k.GetHandover()]; ok {
		a.violated(s.mark, "offer %d of handover %d was accepted after offer %d had won",
			k.GetOffer(), k.GetHandover(), first.offer)
		return
	}
	a.winners[k.GetHandover()] = keyOf(k)
	for key, o := range a.offers {
		if key.handover == k.GetHandover() && key != keyOf(k) && o.open {
			a.losers[key] = true
		}
	}
}

func (a *acceptance) end() {
	for key := range a.losers {
		a.violated(a.offers[key].sent, "offer %d of handover %d stayed open although offer %d was accepted",
			key.offer, key.handover, a.winners[key.handover].offer)
	}
}
