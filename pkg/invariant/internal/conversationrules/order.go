package conversationrules

import (
	"cmp"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// order checks ORDER: handovers are numbered from 1 and come one after the other,
// no line is asked before the child said yes or was overridden, each step has the
// one before, and a handover that has ended does not go on. Before custody has
// moved it ends by coming back, being called off, abandoned, put off or
// signposted, or as an emergency once help has reached the child; after that only
// by its outcome. A conversation is not closed while one is under way, nor before a
// time that the child was promised.
type order struct {
	rule.Base
	*facts.Facts
	courses []*course
}

func NewOrder(f rule.Base, known *facts.Facts) rule.Walker { return &order{Base: f, Facts: known} }

func (o *order) Event(s facts.Step) {
	if _, closes := s.Kind.(*eventv1.ConversationClosed); closes {
		o.closed(s)
	}
	if !concerns(s.Kind) {
		return
	}
	o.Applies()
	n := event.Handover(s.Kind)
	if k, ok := s.Kind.(*eventv1.HandoverProposed); ok {
		o.proposed(s, k)
		return
	}
	if n == 0 || int(n) > len(o.courses) {
		o.Violated(s.Mark, "handover %d was never proposed", n)
		return
	}
	h := o.courses[n-1]
	if fault := cmp.Or(o.lacks(s, h), h.over(s.Kind)); fault != "" {
		o.Violated(s.Mark, "%s in handover %d, %s", s.Kind.ProtoReflect().Descriptor().Name(), n, fault)
	}
	h.apply(s.Kind)
}

// concerns tells whether an event is about a handover. Some may be about none.
func concerns(kind proto.Message) bool {
	switch k := kind.(type) {
	case *eventv1.EmergencyCalled, *eventv1.EmergencyOverdue, *eventv1.EmergencyConfirmed:
		return event.Handover(k) != 0
	case *eventv1.MessageSent, *eventv1.SupervisorTold, *eventv1.TicketIssued, *eventv1.TicketClaimed:
		return event.Handover(k) != 0
	case event.OfHandover:
		return true
	}
	return false
}

func (o *order) proposed(s facts.Step, k *eventv1.HandoverProposed) {
	if want := len(o.courses) + 1; int(k.GetHandover()) != want {
		o.Violated(s.Mark, "handover %d was proposed where %d is due", k.GetHandover(), want)
	}
	if last := o.last(); last != nil && last.end == nil && !last.moved {
		o.Violated(s.Mark, "handover %d was proposed while the one before it was unfinished", k.GetHandover())
	}
	if parent := int(k.GetParent()); parent > len(o.courses) || parent > 0 && !o.courses[parent-1].leadsOn() {
		o.Violated(s.Mark, "handover %d follows from %d, which neither moved custody nor was put off", k.GetHandover(), parent)
	}
	o.courses = append(o.courses, &course{})
}

func (o *order) last() *course {
	if len(o.courses) == 0 {
		return nil
	}
	return o.courses[len(o.courses)-1]
}

// closed: the sender keeps custody until the time that it promised.
func (o *order) closed(s facts.Step) {
	switch last := o.last(); {
	case last == nil:
	case slices.ContainsFunc(o.courses, func(c *course) bool { return c.end == nil && !c.left }):
		o.Violated(s.Mark, "the conversation closed while handover %d was unfinished", len(o.courses))
	case last.isDeferred() && !last.slot.IsZero():
		o.Violated(s.Mark, "the conversation closed before the time that handover %d was put off to", len(o.courses))
	}
}
