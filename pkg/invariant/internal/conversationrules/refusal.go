package conversationrules

import (
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// settling is how much time may pass until what is due at once has happened: the
// child's no is intake's event and the return routing's, so that they can lie in
// two commits.
const settling = 10 * time.Second

// overdue tells whether something is late that was due at a time. Nothing is due at the zero time.
func overdue(due, now time.Time) bool { return !due.IsZero() && now.After(due.Add(settling)) }

// refusal checks I13 as far as a history shows it: after the child said no or took
// its yes back, its handover comes back to the sender and nothing else of it
// happens. Open offers may end in between. Words that were already on their way
// may still name it. An emergency service can be called all the same: custody stays
// then too. Once custody has moved, or where the line went on without the child's
// consent, its no is only recorded.
type refusal struct {
	rule.Base
	*facts.Facts
	refused map[uint32]*no
}

// no is a child's no to one handover.
type no struct {
	facts.Mark
	returned, told bool
}

func NewRefusal(f rule.Base, known *facts.Facts) rule.Walker {
	return &refusal{Base: f, Facts: known, refused: map[uint32]*no{}}
}

func (r *refusal) Event(s facts.Step) {
	r.look(s.Time)
	n := event.Handover(s.Kind)
	no, refused := r.refused[n]
	switch {
	case refused:
		r.after(s, n, no)
	case isNo(s.Kind):
		r.Applies()
		if h := r.Handover(n); !h.Moved && !h.Overridden {
			r.refused[n] = newNo(s.Mark)
		}
	}
}

func newNo(at facts.Mark) *no { return &no{Mark: at} }

func isNo(kind proto.Message) bool {
	switch kind.(type) {
	case *eventv1.ConsentRefused, *eventv1.ConsentWithdrawn:
		return true
	}
	return false
}

func (r *refusal) after(s facts.Step, n uint32, no *no) {
	_, back := s.Kind.(*eventv1.HandoverReturned)
	_, emergency := s.Kind.(*eventv1.EmergencyCalled)
	switch {
	case emergency && !no.returned:
		delete(r.refused, n)
		return
	case back && !no.returned:
		no.returned = true
		return
	}
	if !leadsNowhere(s.Kind) {
		r.Violated(s.Mark, "%s in handover %d, to which the child had said no at position %d",
			s.Kind.ProtoReflect().Descriptor().Name(), n, no.Position)
	}
}

// leadsNowhere tells whether an event may come in a refused handover.
func leadsNowhere(kind proto.Message) bool {
	switch kind.(type) {
	case *eventv1.OfferDeclined, *eventv1.OfferTimedOut, *eventv1.OfferUnreachable, *eventv1.OfferWithdrawn,
		*eventv1.MessageSent, *eventv1.SupervisorTold:
		return true
	}
	return false
}

// look finds what has not come back in time.
func (r *refusal) look(now time.Time) {
	for n, no := range r.refused {
		if r.overdue(no, now) {
			no.told = true
			r.Late(no.Mark, unreturned, n)
		}
	}
}

const unreturned = "the child said no to handover %d and it did not come back to the sender"

func (r *refusal) overdue(no *no, now time.Time) bool {
	return !no.returned && !no.told && now.After(no.Time.Add(settling))
}

func (r *refusal) End() {
	for n, no := range r.refused {
		if r.overdue(no, r.Until()) {
			r.Late(no.Mark, unreturned, n)
		}
	}
}
