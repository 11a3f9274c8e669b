package invariant

import (
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// deadlines checks the second half of I5: every state in which somebody is waited
// for has an absolute deadline, later than the instant in which it began. A
// deadline that is not in the event would not survive a restart.
type deadlines struct {
	*finder
	*facts
}

func newDeadlines(f *finder, facts *facts) walker { return &deadlines{f, facts} }

// times are the fields of each kind of event that say until when something is
// awaited: all its times. A kind that waits for nothing has none.
var times = func() map[protoreflect.MessageDescriptor][]protoreflect.FieldDescriptor {
	times := map[protoreflect.MessageDescriptor][]protoreflect.FieldDescriptor{}
	for i := range kinds.Fields().Len() {
		kind := kinds.Fields().Get(i).Message()
		for j := range kind.Fields().Len() {
			if field := kind.Fields().Get(j); isTime(field) {
				times[kind] = append(times[kind], field)
			}
		}
	}
	return times
}()

func isTime(field protoreflect.FieldDescriptor) bool {
	return field.Message() != nil && field.Message().FullName() == "google.protobuf.Timestamp"
}

func (d *deadlines) event(s step) {
	m := s.kind.ProtoReflect()
	fields := times[m.Descriptor()]
	if k, ok := s.kind.(*eventv1.HandoverDeferred); ok {
		d.slot(s, k.GetSlot())
	}
	if len(fields) == 0 {
		return
	}
	d.applies()
	if s.append.GetRecordTime() == nil {
		d.violated(s.mark, "the append has no time to measure deadlines from")
	}
	for _, field := range fields {
		if fault := d.fault(s, m, field); fault != "" {
			d.violated(s.mark, "%s of %s %s", field.Name(), m.Descriptor().Name(), fault)
		}
	}
}

// fault says what is wrong with a deadline, or nothing.
func (d *deadlines) fault(s step, m protoreflect.Message, field protoreflect.FieldDescriptor) string {
	if !m.Has(field) {
		if d.mayLack(s, field.Name()) {
			return ""
		}
		return "is absent"
	}
	t, ok := m.Get(field).Message().Interface().(*timestamppb.Timestamp)
	if !ok || !t.AsTime().After(s.time) && !d.mayLapse(s, field.Name(), t) {
		return "is not after the event itself"
	}
	return ""
}

// mayLack tells whether nothing is awaited.
func (d *deadlines) mayLack(s step, field protoreflect.Name) bool {
	switch k := s.kind.(type) {
	case *eventv1.OfferSent, *eventv1.OfferAlerted:
		return field == "alert_deadline"
	case *eventv1.HandoverProposed:
		return !d.slow() || k.GetSupervisorNeeded()
	case *eventv1.BridgeOpened:
		return field == "budget_deadline"
	case *eventv1.HopApproved:
		return !d.slow()
	case *eventv1.SupervisorTold:
		return k.GetReason() != handoverv1.SupervisorReason_SUPERVISOR_REASON_HOP
	case *eventv1.HandoverReturned:
		return true
	case *eventv1.HandoverCancelled:
		return !d.offers.asking(k.GetHandover())
	case *eventv1.SenderDecided:
		return k.GetDecision() != handoverv1.SenderDecision_SENDER_DECISION_CONTINUE
	case *eventv1.TicketClaimed:
		return k.GetHandover() != 0
	case *eventv1.HandoverResumed:
		h := d.handover(k.GetHandover())
		return field == "budget_deadline" || !h.asked && !h.answered
	}
	return false
}

// mayLapse tells whether a deadline may be over when the platform comes to write
// it down: a pause counts from when the child went, and what did not wait for the
// child keeps its own time.
func (d *deadlines) mayLapse(s step, field protoreflect.Name, t *timestamppb.Timestamp) bool {
	switch k := s.kind.(type) {
	case *eventv1.HandoverPaused:
		return t.AsTime().After(d.present.childSince)
	case *eventv1.BridgeOpened:
		return field == "budget_deadline"
	case *eventv1.HandoverResumed:
		return field == "budget_deadline" || !d.handover(k.GetHandover()).waitsForChild()
	}
	return false
}

// slot looks at the time that a child was promised.
func (d *deadlines) slot(s step, slot *handoverv1.Slot) {
	d.applies()
	start, end := slot.GetStartTime(), slot.GetEndTime()
	if start == nil || !start.AsTime().After(s.time) || end == nil || !end.AsTime().After(start.AsTime()) {
		d.violated(s.mark, "the slot of HandoverDeferred is absent, not after the event itself, or has no end")
	}
}
