package invariant

import eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"

// hours checks I14: a line that is closed or whose hours are unknown is not
// offered anything. Routing writes such a line down as failed, and when the others
// close. So offer i goes to the i-th line without any failed rule in the
// handover's newest ranking, and not once that line has closed.
type hours struct {
	*finder
	*facts
}

func newHours(f *finder, facts *facts) walker { return &hours{f, facts} }

func (h *hours) event(s step) {
	k, ok := s.kind.(*eventv1.OfferSent)
	if !ok {
		return
	}
	h.applies()
	planned := h.handover(k.GetHandover()).candidate(k.GetOffer())
	if planned == nil || planned.GetLine() != k.GetLine() {
		h.violated(s.mark, "%q was asked and is not number %d of the lines that handover %d may ask",
			k.GetLine(), k.GetOffer(), k.GetHandover())
		return
	}
	if until := planned.GetOpenUntil(); until != nil && !s.time.Before(until.AsTime()) {
		h.violated(s.mark, "%q was asked after it had closed", k.GetLine())
	}
}
