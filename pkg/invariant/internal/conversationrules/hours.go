package conversationrules

import (
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// hours checks I14: a line that is closed or whose hours are unknown is not
// offered anything. Routing writes such a line down as failed, and when the others
// close. So offer i goes to the i-th line without any failed rule in the
// handover's newest ranking, and not once that line has closed.
type hours struct {
	rule.Base
	*facts.Facts
}

func NewHours(f rule.Base, known *facts.Facts) rule.Walker { return &hours{f, known} }

func (h *hours) Event(s facts.Step) {
	k, ok := s.Kind.(*eventv1.OfferSent)
	if !ok {
		return
	}
	h.Applies()
	planned := h.Handover(k.GetHandover()).Candidate(k.GetOffer())
	if planned == nil || planned.GetLine() != k.GetLine() {
		h.Violated(s.Mark, "%q was asked and is not number %d of the lines that handover %d may ask",
			k.GetLine(), k.GetOffer(), k.GetHandover())
		return
	}
	if until := planned.GetOpenUntil(); until != nil && !s.Time.Before(until.AsTime()) {
		h.Violated(s.Mark, "%q was asked after it had closed", k.GetLine())
	}
}
