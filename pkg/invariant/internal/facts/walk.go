package facts

import (
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

const (
	// ConversationSubject and LineSubject are how subjects begin.
	ConversationSubject = "stafett.conversation."
	LineSubject         = "stafett.line."
)

// Mark is the place of a commit in the log.
type Mark struct {
	Position uint64
	Subject  string
	// Time is when it was decided.
	Time time.Time
}

// MarkOf is the place of a commit that has a position.
func MarkOf(position uint64, commit *eventv1.Commit) Mark {
	return Mark{position, commit.GetSubject(), commit.GetRecordTime().AsTime()}
}

// Stored is a commit with what is known of its stored bytes.
type Stored struct {
	*eventv1.Commit
	// Payload is the bytes themselves, PayloadHash their SHA-256 where they are not known.
	Payload, PayloadHash []byte
}

// Step is one event with its commit.
type Step struct {
	Mark
	Commit *eventv1.Commit
	// Kind is the event itself, such as *eventv1.OfferSent. Never nil.
	Kind proto.Message
}

// Kinds are the kinds of events.
var Kinds = (&eventv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("kind")

// KindOf returns the message inside an event, or nil where there is none that we know.
func KindOf(e *eventv1.Event) proto.Message {
	m := e.ProtoReflect()
	field := m.WhichOneof(Kinds)
	if field == nil {
		return nil
	}
	return m.Get(field).Message().Interface()
}

// Find returns the first event of a kind in a commit.
func Find[K proto.Message](a *eventv1.Commit) (kind K, found bool) {
	for _, e := range a.GetEvents() {
		if k, ok := KindOf(e).(K); ok {
			return k, true
		}
	}
	return kind, false
}

// Resource names the aggregate that a subject belongs to.
func Resource(subject string) string {
	if id, ok := strings.CutPrefix(subject, ConversationSubject); ok {
		return "conversations/" + id
	}
	if id, ok := strings.CutPrefix(subject, LineSubject); ok {
		return "lines/" + id
	}
	return fmt.Sprintf("subject %q", subject)
}
