// Package fields knows the fields of requests from their descriptors and rules: which codes
// they allow, in their short forms, and which of them name a line.
package fields

import (
	"slices"
	"strings"
	"sync"

	rules "buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go/buf/validate"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Code is the short form of an enum value: TOO_LATE for REFUSAL_REASON_TOO_LATE.
func Code(d protoreflect.EnumDescriptor, n protoreflect.EnumNumber) string {
	value := d.Values().ByNumber(n)
	if value == nil {
		return "an unknown code"
	}
	return strings.TrimPrefix(string(value.Name()), prefix(d))
}

// Number returns the enum value with a short form, or nil.
func Number(d protoreflect.EnumDescriptor, code string) protoreflect.EnumValueDescriptor {
	return d.Values().ByName(protoreflect.Name(prefix(d) + code))
}

// prefix is the common prefix of an enum's values.
func prefix(d protoreflect.EnumDescriptor) string {
	return strings.TrimSuffix(string(d.Values().ByNumber(0).Name()), "UNSPECIFIED")
}

// Allowed lists the values that an enum field may have, except for the unspecified one. The
// caller must not change the list.
func Allowed(field protoreflect.FieldDescriptor) []protoreflect.EnumNumber {
	if known, ok := allowed.Load(field.FullName()); ok {
		return known.([]protoreflect.EnumNumber)
	}
	found := allow(field)
	allowed.Store(field.FullName(), found)
	return found
}

var allowed sync.Map // of lists of values, by the name of the field

func allow(field protoreflect.FieldDescriptor) (found []protoreflect.EnumNumber) {
	rule := ruleOf(field)
	for i := range field.Enum().Values().Len() {
		n := field.Enum().Values().Get(i).Number()
		listed := len(rule.GetIn()) == 0 || slices.Contains(rule.GetIn(), int32(n))
		if n != 0 && listed && !slices.Contains(rule.GetNotIn(), int32(n)) {
			found = append(found, n)
		}
	}
	return found
}

// ruleOf returns the rule of an enum field, or of the members of its list.
func ruleOf(field protoreflect.FieldDescriptor) *rules.EnumRules {
	all, _ := proto.GetExtension(field.Options(), rules.E_Field).(*rules.FieldRules)
	if field.IsList() {
		return all.GetRepeated().GetItems().GetEnum()
	}
	return all.GetEnum()
}

// IsLine reports whether a field names a line.
func IsLine(field protoreflect.FieldDescriptor) bool {
	reference, _ := proto.GetExtension(field.Options(), annotations.E_ResourceReference).(*annotations.ResourceReference)
	return reference.GetType() == "stafett.org/Line"
}
