package conversationrules

import (
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// reversed checks the other move of I2: back to the sender in the overlap.
func (t *transfer) reversed(s facts.Step, k *eventv1.CustodyTransferred, h *facts.Handover) {
	t.Applies()
	switch {
	case !h.Overlaps() || k.GetFromLine() != h.To || k.GetToLine() != h.From:
		t.Violated(s.Mark, "custody went back in handover %d, and not to its sender in the overlap", k.GetHandover())
	case t.Leg != h.From || !t.Present.AnybodyOf(h.From):
		t.Violated(s.Mark, "custody went back to %q, which did not hold the child's leg or had nobody there", h.From)
	case !t.mayReverse(s, k, h):
		t.Violated(s.Mark, "custody went back in handover %d, and neither was the receiver lost nor had the child asked", k.GetHandover())
	}
}

func (t *transfer) mayReverse(s facts.Step, k *eventv1.CustodyTransferred, h *facts.Handover) bool {
	if k.GetReason() == handoverv1.ReverseReason_REVERSE_REASON_CHILD_ASKED {
		return h.StayAsked
	}
	return !t.Slow() && t.Present.ChildHere() && t.Present.Gone(h.To, s.Time, lost)
}
