package story

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/tools/internal/fields"
)

// Matches reports whether an event matches the pattern.
func (p Pattern) Matches(e *eventv1.Event) bool {
	return event.Name(e) == p.Event && !slices.ContainsFunc(p.Fields, func(f Field) bool { return !f.holds(e) })
}

// holds reports whether the field has the required value or, if it is a list, contains all
// required values.
func (f Field) holds(e *eventv1.Event) bool {
	have := f.In(e)
	return !slices.ContainsFunc(f.Values, func(want string) bool { return !slices.Contains(have, want) })
}

// In returns the values that the field has in an event, in their short forms.
func (f Field) In(e *eventv1.Event) []string {
	m := event.What(e).ProtoReflect()
	d := m.Descriptor().Fields().ByName(protoreflect.Name(f.Name))
	if !d.IsList() {
		return []string{written(d, m.Get(d))}
	}
	var have []string
	list := m.Get(d).List()
	for i := range list.Len() {
		have = append(have, written(d, list.Get(i)))
	}
	return have
}

func written(d protoreflect.FieldDescriptor, value protoreflect.Value) string {
	if d.Enum() != nil {
		return fields.Code(d.Enum(), value.Enum())
	}
	return fmt.Sprint(value.Interface())
}
