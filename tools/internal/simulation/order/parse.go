package order

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/tools/internal/fields"
)

// Parse parses the output of String.
func Parse(text string) (Order, error) {
	name, rest, _ := strings.Cut(text, " ")
	d := command.DefinitionNamed(name)
	if d == nil || d.Method == nil {
		return Order{}, fmt.Errorf("%q does not begin with a command", text)
	}
	o := Order{Command: d, Request: d.NewRequest()}
	for _, word := range strings.Fields(rest) {
		name, value, _ := strings.Cut(word, "=")
		if err := o.set(name, value); err != nil {
			return Order{}, fmt.Errorf("%q: %s: %w", text, word, err)
		}
	}
	return o, nil
}

func (o *Order) set(name, value string) error {
	switch name {
	case "line":
		o.Line = value
	case "signed":
		o.Signed = strings.Split(value, ",")
	case "flaw":
		o.Flaw = value
	case "handover":
		return count(&o.Handover, value)
	case "offer":
		return count(&o.Offer, value)
	case "advice":
		return count(&o.Consultation, value)
	default:
		return setField(o.Request.ProtoReflect(), name, value)
	}
	return nil
}

func count(n *uint32, value string) error {
	parsed, err := strconv.ParseUint(value, 10, 32)
	*n = uint32(parsed)
	return err
}

// setField sets the field at a path, such as slot.line.
func setField(m protoreflect.Message, path, text string) error {
	name, inner, nested := strings.Cut(path, ".")
	field := m.Descriptor().Fields().ByName(protoreflect.Name(name))
	switch {
	case field == nil || nested != isInner(field):
		return errors.New("there is no such field")
	case nested:
		return setField(m.Mutable(field).Message(), inner, text)
	case field.IsList():
		return setList(m.Mutable(field).List(), field, text)
	}
	value, err := parse(field, text)
	if err == nil {
		m.Set(field, value)
	}
	return err
}

func setList(list protoreflect.List, field protoreflect.FieldDescriptor, text string) error {
	for part := range strings.SplitSeq(text, ",") {
		value, err := parse(field, part)
		if err != nil {
			return err
		}
		list.Append(value)
	}
	return nil
}

func parse(field protoreflect.FieldDescriptor, text string) (protoreflect.Value, error) {
	switch field.Kind() {
	case protoreflect.EnumKind:
		if code := fields.Number(field.Enum(), text); code != nil {
			return protoreflect.ValueOfEnum(code.Number()), nil
		}
		n, err := strconv.ParseInt(text, 10, 32)
		return protoreflect.ValueOfEnum(protoreflect.EnumNumber(n)), err
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(text), nil
	case protoreflect.BoolKind:
		is, err := strconv.ParseBool(text)
		return protoreflect.ValueOfBool(is), err
	case protoreflect.MessageKind:
		return parseTime(field, text)
	case protoreflect.Int32Kind:
		n, err := strconv.ParseInt(text, 10, 32)
		return protoreflect.ValueOfInt32(int32(n)), err
	}
	return protoreflect.Value{}, fmt.Errorf("a field of kind %s is not written", field.Kind())
}

// parseTime parses an instant, as the time since Epoch, or a duration.
func parseTime(field protoreflect.FieldDescriptor, text string) (protoreflect.Value, error) {
	d, err := time.ParseDuration(text)
	var m proto.Message = durationpb.New(d)
	if field.Message().Name() == "Timestamp" {
		m = timestamppb.New(Epoch.Add(d))
	}
	return protoreflect.ValueOfMessage(m.ProtoReflect()), err
}
