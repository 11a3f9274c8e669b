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

// step is one event with the append that it came in.
type step struct {
	Recorded
	// kind is the event itself, such as *eventv1.OfferSent. Never nil.
	kind proto.Message
}

// time is when the step was decided.
func (s step) time() time.Time { return s.Append.GetRecordTime().AsTime() }

// walker is one invariant at work in one conversation.
type walker interface {
	// event looks at the next event.
	event(step)
	// end says that the history has no more of this conversation.
	end()
}

func walk(steps []step, w walker) {
	for _, s := range steps {
		w.event(s)
	}
	w.end()
}

// conversations returns the steps of each conversation, in the order of the log.
// Events of an unknown kind are left out; OWN reports them.
func conversations(history []Recorded) [][]step {
	var all [][]step
	index := map[string]int{}
	for _, r := range history {
		subject := r.Append.GetSubject()
		if !strings.HasPrefix(subject, conversationSubject) {
			continue
		}
		i, known := index[subject]
		if !known {
			i = len(all)
			index[subject] = i
			all = append(all, nil)
		}
		for _, e := range r.Append.GetEvents() {
			if kind := kindOf(e); kind != nil {
				all[i] = append(all[i], step{Recorded: r, kind: kind})
			}
		}
	}
	return all
}

// kindOf returns the message inside an event, or nil where there is none that we know.
func kindOf(e *eventv1.Event) proto.Message {
	m := e.ProtoReflect()
	field := m.WhichOneof(m.Descriptor().Oneofs().ByName("kind"))
	if field == nil {
		return nil
	}
	return m.Get(field).Message().Interface()
}

// find returns the first event of a kind in an append.
func find[K proto.Message](a *eventv1.Append) (kind K, found bool) {
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

// ofHandover is every event that is about a handover.
type ofHandover interface{ GetHandover() uint32 }

// handoverOf returns the number of the handover that an event is about, or 0.
func handoverOf(kind proto.Message) uint32 {
	if k, ok := kind.(ofHandover); ok {
		return k.GetHandover()
	}
	return 0
}
