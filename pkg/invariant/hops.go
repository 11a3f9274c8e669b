package invariant

import "github.com/stafett/stafett/pkg/event"

import eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"

// hopLimit is how often custody moves in one conversation without a supervisor.
const hopLimit = 2

// hops checks I11: the hop limit is kept, unless a supervisor agreed to that very
// handover, and a line that said no, or did not answer, is not asked again in the
// same chain, that is, in this conversation, unless it is the one that was promised
// to the child for later. A line whose offer was taken back has not answered.
type hops struct {
	*finder
	*facts
	// unwilling are the lines that said no or did not answer, and promised is the
	// line of each deferred handover's slot: it may be asked when that is taken up.
	unwilling map[string]bool
	promised  map[uint32]string
	approved  map[uint32]bool
	transfers int
}

func newHops(f *finder, facts *facts) walker {
	return &hops{finder: f, facts: facts, unwilling: map[string]bool{}, promised: map[uint32]string{}, approved: map[uint32]bool{}}
}

func (h *hops) event(s step) {
	switch k := s.kind.(type) {
	case *eventv1.HandoverProposed:
		if hop := int(k.GetHop()); hop != 0 && hop != h.transfers+1 {
			h.violated(s.mark, "handover %d is said to be change of hands %d; %d have been", k.GetHandover(), hop, h.transfers)
		}
		if promised, deferred := h.promised[k.GetParent()]; deferred {
			delete(h.unwilling, promised)
		}
	case *eventv1.HopApproved:
		h.approved[k.GetHandover()] = k.GetSupervisor() != ""
	case *eventv1.HandoverDeferred:
		h.promised[k.GetHandover()] = k.GetSlot().GetLine()
	case *eventv1.OfferSent:
		h.applies()
		if h.unwilling[k.GetLine()] {
			h.violated(s.mark, "%q was asked again and had said no, or not answered", k.GetLine())
		}
	case *eventv1.OfferDeclined, *eventv1.OfferTimedOut:
		if o := h.offers[keyOf(k.(event.OfOffer))]; o != nil {
			h.unwilling[o.line] = true
		}
	case *eventv1.CustodyTransferred:
		h.transferred(s, k)
	}
}

func (h *hops) transferred(s step, k *eventv1.CustodyTransferred) {
	h.applies()
	h.transfers++
	if h.transfers > hopLimit && !h.approved[k.GetHandover()] {
		h.violated(s.mark, "custody moved %d times; the limit is %d and no supervisor agreed to handover %d",
			h.transfers, hopLimit, k.GetHandover())
	}
}
