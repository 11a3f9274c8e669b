package order

import (
	"fmt"
	"strconv"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/tools/internal/fields"
)

// String formats the order as one line: the command, and the fields of its request.
func (o Order) String() string {
	if o.Command == nil {
		return ""
	}
	words := []string{o.Command.Name, "line=" + o.Line}
	if o.Handover > 0 {
		words = append(words, fmt.Sprintf("handover=%d", o.Handover))
	}
	if o.Offer > 0 {
		words = append(words, fmt.Sprintf("offer=%d", o.Offer))
	}
	if o.Consultation > 0 {
		words = append(words, fmt.Sprintf("advice=%d", o.Consultation))
	}
	if len(o.Signed) > 0 {
		words = append(words, "signed="+strings.Join(o.Signed, ","))
	}
	if o.Flaw != "" {
		words = append(words, "flaw="+o.Flaw)
	}
	return strings.Join(append(words, wordsOf("", o.Request.ProtoReflect())...), " ")
}

// wordsOf lists the fields of a message that are set as name=value. Those of an inner
// message have the outer field's name before theirs.
func wordsOf(path string, m protoreflect.Message) (words []string) {
	for i := range m.Descriptor().Fields().Len() {
		field := m.Descriptor().Fields().Get(i)
		name := path + string(field.Name())
		switch {
		case !m.Has(field):
		case isInner(field):
			words = append(words, wordsOf(name+".", m.Get(field).Message())...)
		case field.IsList():
			words = append(words, name+"="+listed(field, m.Get(field).List()))
		default:
			words = append(words, name+"="+written(field, m.Get(field)))
		}
	}
	return words
}

// isInner reports whether a field is a message whose fields are written one by one.
func isInner(field protoreflect.FieldDescriptor) bool {
	return field.Message() != nil && field.Message().ParentFile().Package() != "google.protobuf"
}

func listed(field protoreflect.FieldDescriptor, list protoreflect.List) string {
	all := make([]string, list.Len())
	for i := range all {
		all[i] = written(field, list.Get(i))
	}
	return strings.Join(all, ",")
}

// written formats a value: a code in its short form, an instant as the time since Epoch.
func written(field protoreflect.FieldDescriptor, value protoreflect.Value) string {
	if field.Enum() != nil {
		if known := field.Enum().Values().ByNumber(value.Enum()); known != nil {
			return fields.Code(field.Enum(), value.Enum())
		}
		return strconv.Itoa(int(value.Enum()))
	}
	if field.Message() == nil {
		return value.String()
	}
	switch m := value.Message().Interface().(type) {
	case *timestamppb.Timestamp:
		return m.AsTime().Sub(Epoch).String()
	case *durationpb.Duration:
		return m.AsDuration().String()
	}
	panic("no text for " + string(field.FullName()))
}
