// Package event wraps and names the events of the log, and says which service owns each
// kind.
package event

import (
	"reflect"
	"slices"
	"sync"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// kinds maps each kind of event to its field in Event's oneof.
var kinds = func() map[protoreflect.FullName]protoreflect.FieldDescriptor {
	found := map[protoreflect.FullName]protoreflect.FieldDescriptor{}
	fields := oneof().Fields()
	for i := range fields.Len() {
		found[fields.Get(i).Message().FullName()] = fields.Get(i)
	}
	return found
}()

func oneof() protoreflect.OneofDescriptor {
	return (&eventv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("kind")
}

// Of wraps a message as an event. It panics if the message is not a kind of event,
// which any test of the caller reveals.
func Of(what proto.Message) *eventv1.Event {
	wrapped := &eventv1.Event{}
	reflected := what.ProtoReflect()
	field, ok := kinds[reflected.Descriptor().FullName()]
	if !ok {
		panic("not a kind of event: " + string(reflected.Descriptor().FullName()))
	}
	wrapped.ProtoReflect().Set(field, protoreflect.ValueOfMessage(reflected))
	return wrapped
}

// Name returns the kind of an event, such as OfferSent. It is empty for a kind that
// this program does not know.
func Name(e *eventv1.Event) string {
	field := e.ProtoReflect().WhichOneof(oneof())
	if field == nil {
		return ""
	}
	return string(field.Message().Name())
}

// What returns the message inside an event, or nil for a kind that this program does
// not know.
func What(e *eventv1.Event) proto.Message {
	if e.GetKind() == nil {
		return nil
	}
	// The wrapper of each kind has one field, a pointer to the message. Reading it by
	// reflection is much faster than asking the descriptors.
	what, _ := reflect.ValueOf(e.Kind).Elem().Field(0).Interface().(proto.Message)
	return what
}

// Owner returns the only service that may commit this kind of event. It is empty for a
// kind that this program does not know.
func Owner(e *eventv1.Event) string {
	field := e.ProtoReflect().WhichOneof(oneof())
	if field == nil {
		return ""
	}
	return ownerOf(field)
}

func ownerOf(field protoreflect.FieldDescriptor) string {
	options := field.Options().(*descriptorpb.FieldOptions)
	return proto.GetExtension(options, eventv1.E_Owner).(string)
}

// Names returns the kinds of the events, in order.
func Names(events []*eventv1.Event) []string {
	names := make([]string, len(events))
	for i, e := range events {
		names[i] = Name(e)
	}
	return names
}

// Kinds returns the names of all kinds of events in the history that this program
// knows, sorted. It leaves out audit's kinds, which belong to the access log.
var Kinds = sync.OnceValue(func() []string {
	var names []string
	for name, field := range kinds {
		if ownerOf(field) != "audit" {
			names = append(names, string(name.Name()))
		}
	}
	slices.Sort(names)
	return names
})

// OfHandover is implemented by every kind of event about a single handover.
type OfHandover interface {
	proto.Message
	GetHandover() uint32
}

// OfOffer is implemented by every kind of event about a single offer.
type OfOffer interface {
	OfHandover
	GetOffer() uint32
}

// OfConsultation is implemented by every kind of event about a single consultation.
type OfConsultation interface {
	proto.Message
	GetConsultation() uint32
}

// Handover returns the number of the handover that an event's message is about, or 0.
func Handover(what proto.Message) uint32 {
	if of, ok := what.(OfHandover); ok {
		return of.GetHandover()
	}
	return 0
}
