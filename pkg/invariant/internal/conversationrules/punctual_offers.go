package conversationrules

import (
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

func isSent(kind proto.Message) bool {
	_, sent := kind.(*eventv1.OfferSent)
	return sent
}

// offer follows what is awaited of a line that is asked.
func (p *punctual) offer(s facts.Step, kind event.OfOffer) {
	about := facts.KeyOf(kind)
	switch k := kind.(type) {
	case *eventv1.OfferSent:
		p.await(s, awaited{about, answer}, k.GetDeadline())
		p.await(s, awaited{about, delivery}, k.GetDeliveryDeadline())
		p.await(s, awaited{about, alert}, k.GetAlertDeadline())
	case *eventv1.OfferDelivered, *eventv1.OfferAlerting:
		p.done(awaited{about, delivery})
	case *eventv1.OfferAlerted:
		p.await(s, awaited{about, alert}, k.GetAlertDeadline())
	}
	if facts.EndsOffer(kind) {
		p.done(awaited{about, answer}, awaited{about, delivery}, awaited{about, alert})
	}
}

// hastened brings forward what is awaited. The desks that are asked ring no more.
func (p *punctual) hastened(k *eventv1.HandoverHastened) {
	p.waits = slices.DeleteFunc(p.waits, func(w wait) bool { return w.Handover == k.GetHandover() && w.what == alert })
	for i, w := range p.waits {
		sooner := hastens(k, w.what)
		if w.Handover == k.GetHandover() && sooner != nil && sooner.AsTime().Before(w.until) {
			p.waits[i].until = sooner.AsTime()
		}
	}
}

// hastens is until when something is awaited now at the latest. Nil: it keeps its time.
func hastens(k *eventv1.HandoverHastened, w what) *timestamppb.Timestamp {
	switch w {
	case answer, delivery:
		return k.OfferDeadline
	case step:
		return k.JoinDeadline
	case budget:
		return k.BudgetDeadline
	case decision:
		return k.DecisionDeadline
	}
	return nil
}

// emergency follows the reviews of an emergency, which in earlier histories a handover had
// become.
func (p *punctual) emergency(s facts.Step) {
	n := event.Handover(s.Kind)
	about := of(n, review)
	if facts.Stays(s.Kind) {
		p.doneWith(n)
	}
	var until *timestamppb.Timestamp
	if k, ok := s.Kind.(deadlined); ok {
		until = k.GetDeadline()
	}
	p.await(s, about, until)
}

// ofLeg follows a leg that somebody has to answer.
func (p *punctual) ofLeg(s facts.Step) {
	var until *timestamppb.Timestamp
	if k, ok := s.Kind.(*eventv1.TicketClaimed); ok && k.GetHandover() == 0 {
		until = k.GetDeadline()
	}
	p.await(s, of(0, newLeg), until)
}
