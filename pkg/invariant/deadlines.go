package invariant

import (
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// deadlines checks the second half of I5: every state in which somebody is waited
// for has an absolute deadline, later than the instant in which it began. A
// deadline that is not in the event would not survive a restart.
type deadlines struct{ *finder }

func newDeadlines(f *finder) walker { return &deadlines{finder: f} }

func (d *deadlines) event(s step) {
	if !waits(s.kind) {
		return
	}
	d.applies()
	if s.Append.GetRecordTime() == nil {
		d.violated(s.Recorded, "the append has no time to measure deadlines from")
	}
	m := s.kind.ProtoReflect()
	for i := range m.Descriptor().Fields().Len() {
		field := m.Descriptor().Fields().Get(i)
		if isTime(field) && !d.later(s, m, field) {
			d.violated(s.Recorded, "%s of %s is absent or not after the event itself", field.Name(), m.Descriptor().Name())
		}
	}
}

// waits tells whether an event opens a state with a deadline.
func waits(kind proto.Message) bool {
	switch kind.(type) {
	case *eventv1.ConsentAsked, *eventv1.ConsentGiven, *eventv1.OfferSent, *eventv1.OfferAccepted,
		*eventv1.BriefingStarted, *eventv1.BridgeOpened, *eventv1.ReceiverConfirmed,
		*eventv1.CustodyTransferred, *eventv1.SenderLeft:
		return true
	}
	return false
}

func isTime(field protoreflect.FieldDescriptor) bool {
	return field.Message() != nil && field.Message().FullName() == "google.protobuf.Timestamp"
}

func (d *deadlines) later(s step, m protoreflect.Message, field protoreflect.FieldDescriptor) bool {
	t, ok := m.Get(field).Message().Interface().(*timestamppb.Timestamp)
	return ok && m.Has(field) && t.AsTime().After(s.time())
}
