package invariant

import (
	"slices"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// hours checks I14: a line that is closed or whose hours are unknown is not
// offered anything. Routing writes such a line down as failed, so a line may be
// asked only if the handover's newest ranking has it without any failed rule.
type hours struct {
	*finder
	ranked map[uint32][]*handoverv1.Candidate
}

func newHours(f *finder) walker {
	return &hours{finder: f, ranked: map[uint32][]*handoverv1.Candidate{}}
}

func (h *hours) event(s step) {
	switch k := s.kind.(type) {
	case *eventv1.HandoverRouted:
		h.ranked[k.GetHandover()] = k.GetDecision().GetCandidates()
	case *eventv1.OfferSent:
		h.applies()
		if !slices.ContainsFunc(h.ranked[k.GetHandover()], mayAsk(k.GetLine())) {
			h.violated(s.Recorded, "%q was asked and is not among the lines that handover %d may ask", k.GetLine(), k.GetHandover())
		}
	}
}

func mayAsk(line string) func(*handoverv1.Candidate) bool {
	return func(c *handoverv1.Candidate) bool {
		return c.GetLine() == line && len(c.GetFailed()) == 0
	}
}
