package story

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/yamlread"
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
	return codeOf(value.Descriptor(), value.Number())
}

func codeOf(d protoreflect.EnumDescriptor, n protoreflect.EnumNumber) string {
	value := d.Values().ByNumber(n)
	if value == nil {
		return "an unknown code"
	}
	return strings.TrimPrefix(string(value.Name()), prefix(d))
}

// Codes joins the short forms of several values.
func Codes[E protoreflect.Enum](values []E) string {
	var codes []string
	for _, value := range values {
		codes = append(codes, Code(value))
	}
	return strings.Join(codes, ", ")
}

// prefix is the common prefix of an enum's values.
func prefix(d protoreflect.EnumDescriptor) string {
	return strings.TrimSuffix(string(d.Values().ByNumber(0).Name()), "UNSPECIFIED")
}

// codesOf returns all values of an enum but the unspecified one.
func codesOf(d protoreflect.EnumDescriptor) []string {
	var codes []string
	for i := range d.Values().Len() {
		if n := d.Values().Get(i).Number(); n != 0 {
			codes = append(codes, codeOf(d, n))
		}
	}
	return codes
}

// code reads an enum value; if among is given, only those are allowed.
func code[E enum](v yamlread.Value, among ...E) E {
	var none E
	d := none.Descriptor()
	known := codesOf(d)
	if len(among) > 0 {
		known = strings.Split(Codes(among), ", ")
	}
	found, ok := v.Text(known[0])
	if !ok {
		return none
	}
	if !slices.Contains(known, found) {
		v.Refuse("unknown code %q; write one of %s", found, strings.Join(known, ", "))
		return none
	}
	return E(d.Values().ByName(protoreflect.Name(prefix(d) + found)).Number())
}

// codes reads a list of values of an enum.
func codes[E enum](v yamlread.Value) []E {
	var none E
	return each(v, "["+codesOf(none.Descriptor())[0]+"]", func(member yamlread.Value) E { return code[E](member) })
}
