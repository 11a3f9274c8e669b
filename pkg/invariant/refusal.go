package invariant

import (
	"time"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"google.golang.org/protobuf/proto"
)

// settling is how much time may pass between a child's no and the return of the
// handover: the no is intake's event and the return routing's, so that they can lie
// in two appends.
const settling = 10 * time.Second

// refusal checks I13 as far as a history shows it: after the child said no or took
// its yes back, its handover comes back to the sender and nothing else of it
// happens. Open offers may end in between. Words that were already on their way
// may still name it.
type refusal struct {
	*finder
	refused  map[uint32]step
	returned map[uint32]bool
}

func newRefusal(f *finder) walker {
	return &refusal{finder: f, refused: map[uint32]step{}, returned: map[uint32]bool{}}
}

func (r *refusal) event(s step) {
	n := handoverOf(s.kind)
	no, refused := r.refused[n]
	switch s.kind.(type) {
	case *eventv1.ConsentRefused, *eventv1.ConsentWithdrawn:
		r.applies()
		if !refused {
			r.refused[n] = s
			return
		}
	case *eventv1.HandoverReturned:
		if !r.returned[n] {
			r.returned[n] = true
			return
		}
	}
	if refused && !mayFollow(s.kind) {
		r.violated(s.Recorded, "%s in handover %d, to which the child had said no at position %d",
			s.kind.ProtoReflect().Descriptor().Name(), n, no.Position)
	}
}

// mayFollow tells whether an event of a refused handover leads nowhere.
func mayFollow(kind proto.Message) bool {
	switch kind.(type) {
	case *eventv1.OfferDeclined, *eventv1.OfferTimedOut, *eventv1.OfferWithdrawn, *eventv1.MessageSent:
		return true
	}
	return false
}

func (r *refusal) end() {
	for n, no := range r.refused {
		if !r.returned[n] && r.until.After(no.time().Add(settling)) {
			r.violated(no.Recorded, "the child said no to handover %d and it did not come back to the sender", n)
		}
	}
}
