package story

import (
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/yamlread"
	"github.com/stafett/stafett/tools/internal/fields"
)

// readRequest reads the fields of the request of an RPC by their names in the proto. Lines
// are written by their ids, codes in their short forms, times and durations as elsewhere
// in a story.
func readRequest(r *reader, step *Step, v yamlread.Value) {
	if step.Request != nil {
		r.readMessage(step.Request.ProtoReflect(), v)
	}
}

func (r *reader) readMessage(m protoreflect.Message, v yamlread.Value) {
	known := m.Descriptor().Fields()
	for _, entry := range v.Entries(string(known.Get(known.Len()-1).Name()) + ": ...") {
		if field := known.ByName(protoreflect.Name(entry.Key)); field != nil {
			r.readField(m, field, entry.Value)
			continue
		}
		entry.At.Refuse("unknown field %q of %s; write one of %s", entry.Key, m.Descriptor().Name(), strings.Join(allFields(known), ", "))
	}
}

func allFields(known protoreflect.FieldDescriptors) []string {
	names := make([]string, known.Len())
	for i := range names {
		names[i] = string(known.Get(i).Name())
	}
	return names
}

// readField reads one field, or the members of a list.
func (r *reader) readField(m protoreflect.Message, field protoreflect.FieldDescriptor, v yamlread.Value) {
	if !field.IsList() {
		if value := r.readValue(field, v); value.IsValid() {
			m.Set(field, value)
		}
		return
	}
	list := m.Mutable(field).List()
	for _, member := range v.List("[" + r.exampleOf(field) + "]") {
		if value := r.readValue(field, member); value.IsValid() {
			list.Append(value)
		}
	}
}

// readValue reads a value as the field's kind demands. It is invalid if it was refused.
func (r *reader) readValue(field protoreflect.FieldDescriptor, v yamlread.Value) protoreflect.Value {
	switch field.Kind() {
	case protoreflect.EnumKind:
		return protoreflect.ValueOfEnum(readCode(v, field.Enum(), fields.Allowed(field)))
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(v.Bool())
	case protoreflect.Int32Kind:
		return protoreflect.ValueOfInt32(v.Int(1))
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(r.readString(field, v))
	case protoreflect.MessageKind:
		return r.readInner(field.Message(), v)
	}
	v.Refuse("%s cannot be written in a story; leave it out", field.Name())
	return protoreflect.Value{}
}

func (r *reader) readString(field protoreflect.FieldDescriptor, v yamlread.Value) string {
	if !fields.IsLine(field) {
		return text(v, r.exampleOf(field))
	}
	return handover.LineName(r.line(v))
}

func (r *reader) readInner(d protoreflect.MessageDescriptor, v yamlread.Value) protoreflect.Value {
	var inner proto.Message
	switch inner = newMessage(d); inner.(type) {
	case *timestamppb.Timestamp:
		inner = timestamppb.New(r.readInstant(v))
	case *durationpb.Duration:
		inner = durationpb.New(readDuration(v))
	default:
		r.readMessage(inner.ProtoReflect(), v)
	}
	return protoreflect.ValueOfMessage(inner.ProtoReflect())
}

func (r *reader) exampleOf(field protoreflect.FieldDescriptor) string {
	switch {
	case field.Enum() != nil:
		return fields.Code(field.Enum(), fields.Allowed(field)[0])
	case fields.IsLine(field):
		return "snakkommobbing"
	}
	return string(field.Name())
}
