package invariant

import eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"

// hopLimit is how often custody moves in one conversation without a supervisor.
const hopLimit = 2

// hops checks I11: the hop limit is kept, unless a supervisor agreed to that very
// handover, and a line that was asked is not asked again in the same chain, that
// is, in this conversation, unless it took the child over in between.
type hops struct {
	*finder
	*facts
	asked     map[string]bool
	approved  map[uint32]bool
	transfers int
}

func newHops(f *finder, facts *facts) walker {
	return &hops{finder: f, facts: facts, asked: map[string]bool{}, approved: map[uint32]bool{}}
}

func (h *hops) event(s step) {
	switch k := s.kind.(type) {
	case *eventv1.HandoverProposed:
		if hop := int(k.GetHop()); hop != 0 && hop != h.transfers+1 {
			h.violated(s.mark, "handover %d is said to be change of hands %d; %d have been", k.GetHandover(), hop, h.transfers)
		}
	case *eventv1.HopApproved:
		h.approved[k.GetHandover()] = k.GetSupervisor() != ""
	case *eventv1.OfferSent:
		h.applies()
		if h.asked[k.GetLine()] {
			h.violated(s.mark, "%q was asked again and had not taken the child over", k.GetLine())
		}
		h.asked[k.GetLine()] = true
	case *eventv1.CustodyTransferred:
		h.transferred(s, k)
	}
}

func (h *hops) transferred(s step, k *eventv1.CustodyTransferred) {
	h.applies()
	h.transfers++
	delete(h.asked, k.GetToLine())
	if h.transfers > hopLimit && !h.approved[k.GetHandover()] {
		h.violated(s.mark, "custody moved %d times; the limit is %d and no supervisor agreed to handover %d",
			h.transfers, hopLimit, k.GetHandover())
	}
}
