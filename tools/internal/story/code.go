package story

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/yamlread"
	"github.com/stafett/stafett/tools/internal/fields"
)

type enum interface {
	~int32
	comparable
	protoreflect.Enum
}

// Code is the short form of an enum value: TOO_LATE for REFUSAL_REASON_TOO_LATE. It is
// empty for the unspecified value.
func Code(value protoreflect.Enum) string {
	if value.Number() == 0 {
		return ""
	}
	return fields.Code(value.Descriptor(), value.Number())
}

// Codes joins the short forms of several values.
func Codes[E protoreflect.Enum](values []E) string {
	var codes []string
	for _, value := range values {
		codes = append(codes, Code(value))
	}
	return strings.Join(codes, ", ")
}

// specified lists all values of an enum but the unspecified one.
func specified(d protoreflect.EnumDescriptor) []protoreflect.EnumNumber {
	var all []protoreflect.EnumNumber
	for i := range d.Values().Len() {
		if n := d.Values().Get(i).Number(); n != 0 {
			all = append(all, n)
		}
	}
	return all
}

func codesOf(d protoreflect.EnumDescriptor, among []protoreflect.EnumNumber) []string {
	codes := make([]string, len(among))
	for i, n := range among {
		codes[i] = fields.Code(d, n)
	}
	return codes
}

// readCode reads one of some values of an enum. It is 0 if it was refused.
func readCode(v yamlread.Value, d protoreflect.EnumDescriptor, among []protoreflect.EnumNumber) protoreflect.EnumNumber {
	known := codesOf(d, among)
	found, ok := v.Text(known[0])
	if !ok {
		return 0
	}
	if !slices.Contains(known, found) {
		v.Refuse("unknown code %q; write one of %s", found, strings.Join(known, ", "))
		return 0
	}
	return fields.Number(d, found).Number()
}

// code reads an enum value.
func code[E enum](v yamlread.Value) E {
	var none E
	return E(readCode(v, none.Descriptor(), specified(none.Descriptor())))
}

// codes reads a list of values of an enum.
func codes[E enum](v yamlread.Value) []E {
	var none E
	d := none.Descriptor()
	example := fields.Code(d, specified(d)[0])
	return each(v, "["+example+"]", func(member yamlread.Value) E { return code[E](member) })
}
