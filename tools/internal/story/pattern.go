package story

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/yamlread"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

var kinds = func() map[string]protoreflect.MessageDescriptor {
	found := map[string]protoreflect.MessageDescriptor{}
	fields := (&eventv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("kind").Fields()
	for i := range fields.Len() {
		if name := string(fields.Get(i).Message().Name()); slices.Contains(event.Kinds(), name) {
			found[name] = fields.Get(i).Message()
		}
	}
	return found
}()

func readPatterns(v yamlread.Value) []Pattern { return each(v, "[OfferSent]", readPattern) }

// readPattern reads the name of a kind of event, and the required values of its fields:
// ConsentGiven scopes=INTRO,ONE_LINE.
func readPattern(v yamlread.Value) Pattern {
	written, ok := v.Text("OfferSent line=alarmtelefonen")
	words := strings.Fields(written)
	if !ok {
		return Pattern{}
	}
	pattern := Pattern{Place: v.Place(), Text: written, Event: words[0]}
	kind, known := kinds[words[0]]
	if !known {
		v.Refuse("unknown event %q; write one of %s", words[0], strings.Join(event.Kinds(), ", "))
		return pattern
	}
	for _, word := range words[1:] {
		name, values, _ := strings.Cut(word, "=")
		field := Field{Name: name, Values: strings.Split(values, ",")}
		checkField(v, kind, field)
		pattern.Fields = append(pattern.Fields, field)
	}
	return pattern
}

// checkField refuses fields that the event does not have, and codes that the field does
// not know.
func checkField(v yamlread.Value, kind protoreflect.MessageDescriptor, field Field) {
	found := kind.Fields().ByName(protoreflect.Name(field.Name))
	if found == nil || !plain(found) {
		v.Refuse("%s has no field %q to compare; write one of %s, for example %s=...",
			kind.Name(), field.Name, strings.Join(fieldNames(kind), ", "), fieldNames(kind)[0])
		return
	}
	if found.Enum() == nil {
		return
	}
	known := codesOf(found.Enum(), specified(found.Enum()))
	for _, value := range field.Values {
		if !slices.Contains(known, value) {
			v.Refuse("unknown code %q of %s; write one of %s", value, field.Name, strings.Join(known, ", "))
		}
	}
}

func fieldNames(kind protoreflect.MessageDescriptor) []string {
	var names []string
	for i := range kind.Fields().Len() {
		if field := kind.Fields().Get(i); plain(field) {
			names = append(names, string(field.Name()))
		}
	}
	return names
}

// plain reports whether a field holds text, numbers or codes.
func plain(field protoreflect.FieldDescriptor) bool {
	return field.Message() == nil && field.Kind() != protoreflect.BytesKind
}
