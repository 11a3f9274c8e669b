package order

import (
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/tools/internal/fields"
)

// Chooser chooses the values of a request by the kinds of its fields. An empty value
// leaves the field out.
type Chooser interface {
	// Person acts, or agrees: the field is a participant, a supervisor or a second person.
	Person(as protoreflect.Name) string
	Line() string
	Flag() bool
	Code(allowed []protoreflect.EnumNumber) protoreflect.EnumNumber
	Codes(allowed []protoreflect.EnumNumber) []protoreflect.EnumNumber
	Lines() []string
	Topics() []string
	Instant(as protoreflect.Name) time.Time
	Duration() time.Duration
}

// filler fills in one field.
type filler func(Chooser, protoreflect.Message)

// fillers are those of each command.
var fillers = func() map[*command.Definition][]filler {
	all := map[*command.Definition][]filler{}
	for _, d := range Commands {
		all[d] = fillersOf(d.Method.Input())
	}
	return all
}()

// Fill returns a new request of a command, with its fields as chosen. A field that nobody
// can choose stays empty: names, which an order has instead, and secrets.
func Fill(d *command.Definition, by Chooser) proto.Message {
	request := d.NewRequest()
	for _, fill := range fillers[d] {
		fill(by, request.ProtoReflect())
	}
	return request
}

func fillersOf(d protoreflect.MessageDescriptor) (all []filler) {
	for i := range d.Fields().Len() {
		if fill := fillerOf(d.Fields().Get(i)); fill != nil {
			all = append(all, fill)
		}
	}
	return all
}

func fillerOf(field protoreflect.FieldDescriptor) filler {
	switch {
	case field.IsList():
		return listOf(field)
	case field.Enum() != nil:
		allowed := fields.Allowed(field)
		return set(field, func(by Chooser) protoreflect.Value { return protoreflect.ValueOfEnum(by.Code(allowed)) })
	case field.Kind() == protoreflect.BoolKind:
		return set(field, func(by Chooser) protoreflect.Value { return protoreflect.ValueOfBool(by.Flag()) })
	case field.Message() != nil:
		return inner(field)
	case fields.IsLine(field):
		return set(field, func(by Chooser) protoreflect.Value { return protoreflect.ValueOfString(by.Line()) })
	}
	switch field.Name() {
	case "participant", "supervisor", "second_person", "heard_by":
		return set(field, func(by Chooser) protoreflect.Value { return protoreflect.ValueOfString(by.Person(field.Name())) })
	}
	return nil
}

func set(field protoreflect.FieldDescriptor, choose func(Chooser) protoreflect.Value) filler {
	return func(by Chooser, m protoreflect.Message) { m.Set(field, choose(by)) }
}

func listOf(field protoreflect.FieldDescriptor) filler {
	switch {
	case field.Enum() != nil:
		allowed := fields.Allowed(field)
		return func(by Chooser, m protoreflect.Message) { setCodes(m, field, by.Codes(allowed)) }
	case fields.IsLine(field):
		return func(by Chooser, m protoreflect.Message) { setTexts(m, field, by.Lines()) }
	case field.Kind() == protoreflect.StringKind:
		return func(by Chooser, m protoreflect.Message) { setTexts(m, field, by.Topics()) }
	}
	return nil
}

// inner fills in an instant, a duration, or the fields of an inner message.
func inner(field protoreflect.FieldDescriptor) filler {
	switch field.Message().FullName() {
	case "google.protobuf.Timestamp":
		return set(field, func(by Chooser) protoreflect.Value {
			return protoreflect.ValueOfMessage(timestamppb.New(by.Instant(field.Name())).ProtoReflect())
		})
	case "google.protobuf.Duration":
		return func(by Chooser, m protoreflect.Message) {
			if d := by.Duration(); d > 0 {
				m.Set(field, protoreflect.ValueOfMessage(durationpb.New(d).ProtoReflect()))
			}
		}
	}
	within := fillersOf(field.Message())
	return func(by Chooser, m protoreflect.Message) {
		for _, fill := range within {
			fill(by, m.Mutable(field).Message())
		}
	}
}

func setTexts(m protoreflect.Message, field protoreflect.FieldDescriptor, texts []string) {
	for _, text := range texts {
		m.Mutable(field).List().Append(protoreflect.ValueOfString(text))
	}
}

func setCodes(m protoreflect.Message, field protoreflect.FieldDescriptor, codes []protoreflect.EnumNumber) {
	for _, code := range codes {
		m.Mutable(field).List().Append(protoreflect.ValueOfEnum(code))
	}
}
