// Package event wraps and names the events of the log, and tells which service
// owns each kind.
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

// kinds finds the field of Event's oneof that holds a kind of event.
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

// Of wraps what happened into an event. It panics on a message that is no kind
// of event, which a caller's first test shows.
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

// Name is the kind of an event, such as OfferSent. It is empty for an event of
// a kind that this program does not know.
func Name(e *eventv1.Event) string {
	field := e.ProtoReflect().WhichOneof(oneof())
	if field == nil {
		return ""
	}
	return string(field.Message().Name())
}

// What is the message inside an event, or nil for a kind that this program does
// not know.
func What(e *eventv1.Event) proto.Message {
	if e.GetKind() == nil {
		return nil
	}
	// The wrapper of each kind has one field, which the generated code makes a pointer
	// to the message. Looking there is much faster than asking the descriptors.
	what, _ := reflect.ValueOf(e.Kind).Elem().Field(0).Interface().(proto.Message)
	return what
}

// Owner is the service that alone may append an event's kind. It is empty for
// an event of a kind that this program does not know.
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

// Names are the kinds of some events, in order.
func Names(events []*eventv1.Event) []string {
	names := make([]string, len(events))
	for i, e := range events {
		names[i] = Name(e)
	}
	return names
}

// Kinds are the names of all kinds of events of the history that this program
// knows, sorted. Those of audit are of the record of reading.
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

// OfHandover is every kind of event that is about one handover.
type OfHandover interface {
	proto.Message
	GetHandover() uint32
}

// OfOffer is every kind of event that is about one offer.
type OfOffer interface {
	OfHandover
	GetOffer() uint32
}

// Handover returns the number of the handover that what happened is about, or 0.
func Handover(what proto.Message) uint32 {
	if of, ok := what.(OfHandover); ok {
		return of.GetHandover()
	}
	return 0
}
