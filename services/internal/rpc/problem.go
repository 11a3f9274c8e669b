package rpc

import (
	"strings"

	validatev1 "buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// describe says what to write instead. Only enums have no text of their own: their rules know
// numbers, and people know names.
func describe(message protoreflect.MessageDescriptor, v *protovalidate.Violation) string {
	if strings.HasPrefix(v.Proto.GetRuleId(), "enum.") {
		return "use one of " + strings.Join(allowedNames(enumAt(message, v.Proto.GetField()), v), ", ")
	}
	return v.Proto.GetMessage()
}

// enumAt is the enum of the field that a path ends with. A violation of a repeated
// field's item does not name it otherwise.
func enumAt(message protoreflect.MessageDescriptor, path *validatev1.FieldPath) protoreflect.EnumDescriptor {
	var field protoreflect.FieldDescriptor
	for _, element := range path.GetElements() {
		field = message.Fields().ByNumber(protoreflect.FieldNumber(element.GetFieldNumber()))
		message = field.Message()
	}
	return field.Enum()
}

// allowedNames are the values that an enum field takes, by the rule that is broken.
func allowedNames(enum protoreflect.EnumDescriptor, v *protovalidate.Violation) (names []string) {
	values := enum.Values()
	for i := range values.Len() {
		number := values.Get(i).Number()
		if number != 0 && permits(v, number) {
			names = append(names, string(values.Get(i).Name()))
		}
	}
	return names
}

// permits reports whether a rule "in" has a number; the other rules of enums bar none
// that is defined but 0.
func permits(v *protovalidate.Violation, number protoreflect.EnumNumber) bool {
	if v.Proto.GetRuleId() != "enum.in" {
		return true
	}
	in := v.RuleValue.List()
	for i := range in.Len() {
		if in.Get(i).Int() == int64(number) {
			return true
		}
	}
	return false
}
