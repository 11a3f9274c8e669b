package invariant

import eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"

// hopLimit is how often custody moves in one conversation at the most.
const hopLimit = 2

// hops checks I11: the hop limit is kept, and a line that said no or did not answer
// is not asked again in the same chain, that is, in this conversation.
type hops struct {
	*finder
	offers    offerBook
	unwilling map[string]bool
	transfers int
}

func newHops(f *finder) walker {
	return &hops{finder: f, offers: offerBook{}, unwilling: map[string]bool{}}
}

func (h *hops) event(s step) {
	switch k := s.kind.(type) {
	case *eventv1.OfferSent:
		h.applies()
		if h.unwilling[k.GetLine()] {
			h.violated(s.Recorded, "%q was asked again after it had declined or not answered", k.GetLine())
		}
	case *eventv1.OfferDeclined, *eventv1.OfferTimedOut:
		if o := h.offers.ofEnd(k); o != nil {
			h.unwilling[o.line] = true
		}
	case *eventv1.CustodyTransferred:
		h.transferred(s)
	}
	h.offers.apply(s)
}

func (h *hops) transferred(s step) {
	h.applies()
	h.transfers++
	if h.transfers > hopLimit {
		h.violated(s.Recorded, "custody moved %d times; the limit is %d", h.transfers, hopLimit)
	}
}
