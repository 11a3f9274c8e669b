package invariant

import (
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"google.golang.org/protobuf/proto"
)

// order checks ORDER: handovers are numbered from 1 and come one after the other,
// no line is asked before the child said yes, and a handover that has ended does
// not go on. Before custody has moved it ends by coming back or being called off,
// and after that only by its outcome.
type order struct {
	*finder
	handovers []*course
}

// course is how far one handover has come.
type course struct{ consented, moved, ended bool }

func newOrder(f *finder) walker { return &order{finder: f} }

func (o *order) event(s step) {
	if !concerns(s.kind) {
		return
	}
	o.applies()
	n := handoverOf(s.kind)
	if k, ok := s.kind.(*eventv1.HandoverProposed); ok {
		o.proposed(s, k)
		return
	}
	if n == 0 || int(n) > len(o.handovers) {
		o.violated(s.Recorded, "handover %d was never proposed", n)
		return
	}
	h := o.handovers[n-1]
	if fault := h.fault(s.kind); fault != "" {
		o.violated(s.Recorded, "%s in handover %d, %s", s.kind.ProtoReflect().Descriptor().Name(), n, fault)
	}
	h.apply(s.kind)
}

// concerns tells whether an event is about a handover. A message may be about none.
func concerns(kind proto.Message) bool {
	_, ok := kind.(ofHandover)
	_, message := kind.(*eventv1.MessageSent)
	return ok && (!message || handoverOf(kind) != 0)
}

func (o *order) proposed(s step, k *eventv1.HandoverProposed) {
	if want := len(o.handovers) + 1; int(k.GetHandover()) != want {
		o.violated(s.Recorded, "handover %d was proposed where %d is due", k.GetHandover(), want)
	}
	if last := len(o.handovers) - 1; last >= 0 && !o.handovers[last].ended {
		o.violated(s.Recorded, "handover %d was proposed while the one before it was unfinished", k.GetHandover())
	}
	o.handovers = append(o.handovers, &course{})
}

// fault says why an event may not come now, or nothing.
func (h *course) fault(kind proto.Message) string {
	switch kind.(type) {
	case *eventv1.OfferSent:
		if !h.consented {
			return "to which the child had not said yes"
		}
	case *eventv1.HandoverReturned, *eventv1.HandoverCancelled:
		if h.moved {
			return "of which custody had moved"
		}
	case *eventv1.OutcomeReported:
		if !h.moved {
			return "of which custody had not moved"
		}
	}
	if h.ended && (waits(kind) || ends(kind)) {
		return "which had ended"
	}
	return ""
}

func (h *course) apply(kind proto.Message) {
	switch kind.(type) {
	case *eventv1.ConsentGiven:
		h.consented = true
	case *eventv1.CustodyTransferred:
		h.moved = true
	}
	h.ended = h.ended || ends(kind)
}

// ends tells whether an event is an end of a handover.
func ends(kind proto.Message) bool {
	switch kind.(type) {
	case *eventv1.OutcomeReported, *eventv1.HandoverReturned, *eventv1.HandoverCancelled:
		return true
	}
	return false
}
