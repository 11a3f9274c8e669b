package invariant

import (
	"fmt"
	"strings"
	"time"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"google.golang.org/protobuf/proto"
)

const (
	conversationSubject = "stafett.conversation."
	lineSubject         = "stafett.line."
)

// mark is the place of a commit in the log.
type mark struct {
	position uint64
	subject  string
	// time is when it was decided.
	time time.Time
}

func markOf(r Recorded) mark {
	return mark{r.Position, r.Commit.GetSubject(), r.Commit.GetRecordTime().AsTime()}
}

// step is one event with its commit.
type step struct {
	mark
	append *eventv1.Commit
	// kind is the event itself, such as *eventv1.OfferSent. Never nil.
	kind proto.Message
}

// walker is one rule at work in one conversation.
type walker interface {
	// event looks at the next event, before the facts know of it.
	event(step)
	// end says that the history has no more of this conversation. It changes nothing
	// but the findings, because the history may go on after all.
	end()
}

// reader is one rule at work on the appends of a whole history.
type reader interface {
	// read checks the next commit.
	read(mark, Recorded)
	// end says that the history has no more. It changes nothing but the findings.
	end()
	// forget lets go of what is known of a subject.
	forget(subject string)
}

// kinds are the kinds of events.
var kinds = (&eventv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("kind")

// kindOf returns the message inside an event, or nil where there is none that we know.
func kindOf(e *eventv1.Event) proto.Message {
	m := e.ProtoReflect()
	field := m.WhichOneof(kinds)
	if field == nil {
		return nil
	}
	return m.Get(field).Message().Interface()
}

// find returns the first event of a kind in an append.
func find[K proto.Message](a *eventv1.Commit) (kind K, found bool) {
	for _, e := range a.GetEvents() {
		if k, ok := kindOf(e).(K); ok {
			return k, true
		}
	}
	return kind, false
}

// resource names the aggregate that a subject belongs to.
func resource(subject string) string {
	if id, ok := strings.CutPrefix(subject, conversationSubject); ok {
		return "conversations/" + id
	}
	if id, ok := strings.CutPrefix(subject, lineSubject); ok {
		return "lines/" + id
	}
	return fmt.Sprintf("subject %q", subject)
}
