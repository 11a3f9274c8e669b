package story

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// Matches says whether an event is as the pattern describes.
func (p Pattern) Matches(e *eventv1.Event) bool {
	if event.Name(e) != p.Event {
		return false
	}
	what := event.What(e).ProtoReflect()
	for _, field := range p.Fields {
		if !holds(what, field) {
			return false
		}
	}
	return true
}

// holds says whether a field is, or as a list holds, every value that is asked for.
func holds(m protoreflect.Message, field Field) bool {
	d := m.Descriptor().Fields().ByName(protoreflect.Name(field.Name))
	var have []string
	if d.IsList() {
		list := m.Get(d).List()
		for i := range list.Len() {
			have = append(have, written(d, list.Get(i)))
		}
	} else {
		have = []string{written(d, m.Get(d))}
	}
	return !slices.ContainsFunc(field.Values, func(want string) bool { return !slices.Contains(have, want) })
}

func written(d protoreflect.FieldDescriptor, value protoreflect.Value) string {
	if d.Enum() != nil {
		return codeOf(d.Enum(), value.Enum())
	}
	return fmt.Sprint(value.Interface())
}
