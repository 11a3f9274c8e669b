package conversationrules

import (
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// deadlines checks the second half of I5: every state in which somebody is waited
// for has an absolute deadline, later than the instant in which it began. A
// deadline that is not in the event would not survive a restart.
type deadlines struct {
	rule.Base
	*facts.Facts
}

func NewDeadlines(f rule.Base, known *facts.Facts) rule.Walker { return &deadlines{f, known} }

// times are the fields of each kind of event that say until when something is
// awaited: all its times. A kind that waits for nothing has none.
var times = func() map[protoreflect.MessageDescriptor][]protoreflect.FieldDescriptor {
	times := map[protoreflect.MessageDescriptor][]protoreflect.FieldDescriptor{}
	for i := range facts.Kinds.Fields().Len() {
		kind := facts.Kinds.Fields().Get(i).Message()
		for j := range kind.Fields().Len() {
			if field := kind.Fields().Get(j); IsTime(field) {
				times[kind] = append(times[kind], field)
			}
		}
	}
	return times
}()

func IsTime(field protoreflect.FieldDescriptor) bool {
	return field.Message() != nil && field.Message().FullName() == "google.protobuf.Timestamp"
}

func (d *deadlines) Event(s facts.Step) {
	m := s.Kind.ProtoReflect()
	fields := times[m.Descriptor()]
	if k, ok := s.Kind.(*eventv1.HandoverDeferred); ok {
		d.slot(s, k.GetSlot())
	}
	if len(fields) == 0 {
		return
	}
	d.Applies()
	if s.Commit.GetRecordTime() == nil {
		d.Violated(s.Mark, "the commit has no time to measure deadlines from")
	}
	for _, field := range fields {
		if fault := d.fault(s, m, field); fault != "" {
			d.Violated(s.Mark, "%s of %s %s", field.Name(), m.Descriptor().Name(), fault)
		}
	}
}

// fault says what is wrong with a deadline, or nothing.
func (d *deadlines) fault(s facts.Step, m protoreflect.Message, field protoreflect.FieldDescriptor) string {
	if !m.Has(field) {
		if d.mayLack(s, field.Name()) {
			return ""
		}
		return "is absent"
	}
	t, ok := m.Get(field).Message().Interface().(*timestamppb.Timestamp)
	if !ok || !t.AsTime().After(s.Time) && !d.mayLapse(s, field.Name(), t) {
		return "is not after the event itself"
	}
	return ""
}

// mayLack tells whether nothing is awaited.
func (d *deadlines) mayLack(s facts.Step, field protoreflect.Name) bool {
	switch k := s.Kind.(type) {
	case *eventv1.OfferSent, *eventv1.OfferAlerted, *eventv1.ConsultationAsked, *eventv1.ConsultationAlerted:
		return field == "alert_deadline"
	case *eventv1.OfferWithdrawn:
		return !facts.IsPreempted(k)
	case *eventv1.HandoverProposed:
		return !d.draftsEnd() || k.GetSupervisorNeeded()
	case *eventv1.PacketSealed:
		h := d.Handover(k.GetHandover())
		return !d.draftsEnd() || h.Asked || h.Answered || h.Supervised
	case *eventv1.SenderLost:
		return field == "bridge_time"
	case *eventv1.DoorClosed:
		return true
	case *eventv1.HandoverHastened:
		return field != "offer_deadline" || !d.Offers.Ringing(k.GetHandover())
	case *eventv1.BridgeOpened:
		return field == "budget_deadline"
	case *eventv1.HopApproved:
		return !d.draftsEnd()
	case *eventv1.SupervisorTold:
		return k.GetReason() != handoverv1.SupervisorReason_SUPERVISOR_REASON_HOP && !isOfDisappearance(k)
	case *eventv1.HandoverReturned:
		return true
	case *eventv1.CustodyTransferred:
		return k.GetReason() != 0
	case *eventv1.HandoverCancelled:
		return d.Offers.Asked(k.GetHandover()) == 0
	case *eventv1.SenderDecided:
		return k.GetDecision() != handoverv1.SenderDecision_SENDER_DECISION_CONTINUE
	case *eventv1.TicketClaimed:
		return k.GetHandover() != 0
	case *eventv1.HandoverResumed:
		h := d.Handover(k.GetHandover())
		return field == "budget_deadline" || !d.draftsEnd() && !h.Asked && !h.Answered
	}
	return false
}

// draftsEnd tells whether a draft that is left untouched ends: on slow channels, and since protocol 3 on all.
func (d *deadlines) draftsEnd() bool { return d.Slow() || d.Protocol >= 3 }

// mayLapse tells whether a deadline may be over when the platform comes to write
// it down: a pause counts from when the child went, and what did not wait for the
// child keeps its own time.
func (d *deadlines) mayLapse(s facts.Step, field protoreflect.Name, t *timestamppb.Timestamp) bool {
	switch k := s.Kind.(type) {
	case *eventv1.HandoverPaused:
		return t.AsTime().After(d.Present.ChildSince)
	case *eventv1.SenderLost:
		return field == "bridge_time"
	case *eventv1.BridgeOpened:
		return field == "budget_deadline"
	case *eventv1.HandoverResumed:
		return field == "budget_deadline" || !d.Handover(k.GetHandover()).WaitsForChild()
	}
	return false
}

// slot looks at the time that a child was promised.
func (d *deadlines) slot(s facts.Step, slot *handoverv1.Slot) {
	d.Applies()
	start, end := slot.GetStartTime(), slot.GetEndTime()
	if start == nil || !start.AsTime().After(s.Time) || end == nil || !end.AsTime().After(start.AsTime()) {
		d.Violated(s.Mark, "the slot of HandoverDeferred is absent, not after the event itself, or has no end")
	}
}
