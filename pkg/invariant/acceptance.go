package invariant

import eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"

// acceptance checks I4: one accept wins, whatever the race; every other offer that
// was open then ends.
type acceptance struct {
	*finder
	offers offerBook
	// winners is the accepted offer of each handover.
	winners map[uint32]offerKey
	losers  map[offerKey]bool
}

func newAcceptance(f *finder) walker {
	return &acceptance{finder: f, offers: offerBook{}, winners: map[uint32]offerKey{}, losers: map[offerKey]bool{}}
}

func (a *acceptance) event(s step) {
	a.offers.apply(s)
	if k, ok := s.kind.(*eventv1.OfferAccepted); ok {
		a.accepted(s, k)
	}
}

func (a *acceptance) accepted(s step, k *eventv1.OfferAccepted) {
	a.applies()
	if first, ok := a.winners[k.GetHandover()]; ok {
		a.violated(s.Recorded, "offer %d of handover %d was accepted after offer %d had won",
			k.GetOffer(), k.GetHandover(), first.offer)
		return
	}
	a.winners[k.GetHandover()] = keyOf(k)
	for key, o := range a.offers {
		if key.handover == k.GetHandover() && o.open {
			a.losers[key] = true
		}
	}
}

func (a *acceptance) end() {
	for key := range a.losers {
		if o := a.offers[key]; o.open {
			a.violated(o.sent, "offer %d of handover %d stayed open although offer %d was accepted",
				key.offer, key.handover, a.winners[key.handover].offer)
		}
	}
}
