package conversationrules

import (
	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// hopLimit is how often custody moves in one conversation without a supervisor.
const hopLimit = 2

// hops checks I11: the hop limit is kept, unless a supervisor agreed to that very
// handover, and a line that said no, or did not answer, is not asked again in the
// same chain, that is, in this conversation, unless it is the one that was promised
// to the child for later. A line whose offer was taken back has not answered.
type hops struct {
	rule.Base
	*facts.Facts
	// unwilling are the lines that said no or did not answer, and promised is the
	// line of each deferred handover's slot: it may be asked when that is taken up.
	unwilling map[string]bool
	promised  map[uint32]string
	approved  map[uint32]bool
	transfers int
}

func NewHops(f rule.Base, known *facts.Facts) rule.Walker {
	return &hops{Base: f, Facts: known, unwilling: map[string]bool{}, promised: map[uint32]string{}, approved: map[uint32]bool{}}
}

func (h *hops) Event(s facts.Step) {
	switch k := s.Kind.(type) {
	case *eventv1.HandoverProposed:
		if hop := int(k.GetHop()); hop != 0 && hop != h.transfers+1 {
			h.Violated(s.Mark, "handover %d claims to be transfer %d; there were %d", k.GetHandover(), hop, h.transfers)
		}
		if promised, deferred := h.promised[k.GetParent()]; deferred {
			delete(h.unwilling, promised)
		}
	case *eventv1.HopApproved:
		h.approved[k.GetHandover()] = k.GetSupervisor() != ""
	case *eventv1.HandoverDeferred:
		h.promised[k.GetHandover()] = k.GetSlot().GetLine()
	case *eventv1.OfferSent:
		h.Applies()
		if h.unwilling[k.GetLine()] {
			h.Violated(s.Mark, "%q was asked again and had said no, or not answered", k.GetLine())
		}
	case *eventv1.OfferDeclined, *eventv1.OfferTimedOut, *eventv1.OfferGivenBack:
		if o := h.Offers[facts.KeyOf(k.(event.OfOffer))]; o != nil {
			h.unwilling[o.Line] = true
		}
	case *eventv1.CustodyTransferred:
		h.transferred(s, k)
	}
}

func (h *hops) transferred(s facts.Step, k *eventv1.CustodyTransferred) {
	h.Applies()
	h.transfers++
	if h.transfers > hopLimit && !h.approved[k.GetHandover()] {
		h.Violated(s.Mark, "custody moved %d times; the limit is %d and no supervisor agreed to handover %d",
			h.transfers, hopLimit, k.GetHandover())
	}
}
