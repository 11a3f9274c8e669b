package timeline

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
	"unicode"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

// Describe tells an event, recorded at an instant, in a line: its name in words
// and the facts in it. Times are told in the instant's zone.
func Describe(e *eventv1.Event, at time.Time) string {
	what := event.What(e)
	if what == nil {
		return "an event of a kind that this program does not know"
	}
	facts := facts(what.ProtoReflect(), at)
	if len(facts) == 0 {
		return words(event.Name(e))
	}
	return words(event.Name(e)) + ": " + strings.Join(facts, ", ")
}

// words turns OfferSent into "offer sent".
func words(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// facts are the fields that are set, in the proto's order. Hashes are left out:
// they say nothing to a reader.
func facts(m protoreflect.Message, at time.Time) []string {
	var told []string
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if !m.Has(field) || field.Kind() == protoreflect.BytesKind || plain(field, m.Get(field)) {
			continue
		}
		if text := fact(field, m.Get(field), at); text != "" {
			told = append(told, strings.ReplaceAll(string(field.Name()), "_", " ")+" "+text)
		}
	}
	return told
}

// plain facts go without saying in the history of one conversation: its name,
// and that its first handover is meant.
func plain(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
	return field.Name() == "conversation" || field.Name() == "handover" && value.Uint() == 1
}

func fact(field protoreflect.FieldDescriptor, value protoreflect.Value, at time.Time) string {
	if !field.IsList() {
		return single(field, value, at)
	}
	var items []string
	for i := range value.List().Len() {
		if text := single(field, value.List().Get(i), at); text != "" {
			items = append(items, text)
		}
	}
	return strings.Join(items, " ")
}

func single(field protoreflect.FieldDescriptor, value protoreflect.Value, at time.Time) string {
	switch field.Kind() {
	case protoreflect.EnumKind:
		return code(field.Enum(), value.Enum())
	case protoreflect.StringKind:
		return text(field, value.String())
	case protoreflect.MessageKind:
		return message(value.Message().Interface(), at)
	}
	return fmt.Sprint(value.Interface())
}

// rotaFile is the field with a whole file in it.
const rotaFile = "stafett.event.v1.RotaPublished.file"

// text is what a field says, but a file is told by its size and its hash.
func text(field protoreflect.FieldDescriptor, says string) string {
	if field.FullName() == rotaFile {
		return fmt.Sprintf("of %d bytes, SHA-256 %x", len(says), sha256.Sum256([]byte(says)))
	}
	return output.Plain(says)
}

// code is an enum's value without its type's prefix.
func code(enum protoreflect.EnumDescriptor, number protoreflect.EnumNumber) string {
	value := enum.Values().ByNumber(number)
	if value == nil {
		return fmt.Sprint(number)
	}
	prefix := strings.ToUpper(strings.ReplaceAll(words(string(enum.Name())), " ", "_")) + "_"
	return strings.TrimPrefix(string(value.Name()), prefix)
}

// message tells the messages that events hold.
func message(m proto.Message, at time.Time) string {
	switch m := m.(type) {
	case *timestamppb.Timestamp:
		return instant(m.AsTime().In(at.Location()), at)
	case *handoverv1.AgeBand:
		return fmt.Sprintf("%d-%d", m.MinYears, m.MaxYears)
	case *handoverv1.Recommendation:
		return code(m.Reason.Descriptor(), m.Reason.Number()) + ", " + first(m.Candidates)
	case *handoverv1.RoutingDecision:
		return first(m.Candidates)
	case *handoverv1.PacketHeader:
		return strings.Join(facts(m.ProtoReflect(), at), ", ")
	case *handoverv1.Slot:
		return m.Line + " " + instant(m.StartTime.AsTime().In(at.Location()), at)
	case *handoverv1.Line:
		return m.Name
	}
	return ""
}

// instant tells a time, and its day where that is another one.
func instant(when, at time.Time) string {
	if when.YearDay() == at.YearDay() && when.Year() == at.Year() {
		return when.Format("15:04:05")
	}
	return when.Format("Mon 2 Jan 15:04:05")
}

// first is the best of the ranked lines, and how many were ranked.
func first(candidates []*handoverv1.Candidate) string {
	if len(candidates) == 0 || len(candidates[0].Failed) > 0 {
		return fmt.Sprintf("none of %d lines fits", len(candidates))
	}
	return fmt.Sprintf("best of %d lines: %s", len(candidates), candidates[0].Line)
}
