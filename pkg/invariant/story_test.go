package invariant_test

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/invariant"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

const conversation = "stafett.conversation.0123456789abcdef0123456789abcdef"

// story is a history that is being written, not sealed yet, so that a test can
// spoil it before the hash chain is laid over it.
type story struct {
	now     time.Time
	appends []*eventv1.Commit
}

func begin() *story {
	return &story{now: time.Date(2026, time.October, 13, 17, 40, 0, 0, time.UTC)}
}

// tell appends events as the service that owns the first of them, as its line's
// command or its own, and lets five seconds pass.
func (s *story) tell(caller string, kinds ...proto.Message) *story {
	s.appends = append(s.appends, s.draft(caller, kinds...))
	return s.wait(5 * time.Second)
}

func (s *story) draft(caller string, kinds ...proto.Message) *eventv1.Commit {
	a := &eventv1.Commit{
		Subject:    conversation,
		Service:    owner(kinds[0]),
		RecordTime: timestamppb.New(s.now),
		Caller:     "spiffe://stafett.test/" + caller,
		Command:    "Command",
		Name:       "conversations/0123456789abcdef0123456789abcdef",
	}
	for _, k := range kinds {
		a.Events = append(a.Events, wrap(k))
	}
	return a
}

func (s *story) wait(d time.Duration) *story {
	s.now = s.now.Add(d)
	return s
}

// in is a deadline that many seconds from now.
func (s *story) in(seconds int) *timestamppb.Timestamp {
	return timestamppb.New(s.now.Add(time.Duration(seconds) * time.Second))
}

// sealed lays ids, numbers and hashes over the story.
func (s *story) sealed(t *testing.T) []invariant.Recorded {
	t.Helper()
	numbers := map[string]uint32{}
	for i, a := range s.appends {
		numbers[a.Subject]++
		a.Id = fmt.Sprintf("%032x", i+1)
		a.RequestId = fmt.Appendf(nil, "%016x", i+1)
		a.RequestHash = make([]byte, 16)
		a.Number = numbers[a.Subject]
	}
	return s.linked(t)
}

// linked lays the hashes over a story that has its ids and numbers.
func (s *story) linked(t *testing.T) []invariant.Recorded {
	t.Helper()
	var history []invariant.Recorded
	previous := map[string][]byte{}
	for i, a := range s.appends {
		a.PreviousHash = previous[a.Subject]
		payload, err := proto.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		hash := sha256.Sum256(payload)
		previous[a.Subject] = hash[:]
		history = append(history, invariant.Recorded{Position: uint64(10 + i), Commit: a, Payload: payload})
	}
	return history
}

// kindField is the field of Event that holds a kind.
func kindField(kind proto.Message) protoreflect.FieldDescriptor {
	fields := (&eventv1.Event{}).ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		if fields.Get(i).Message().FullName() == kind.ProtoReflect().Descriptor().FullName() {
			return fields.Get(i)
		}
	}
	panic("no event holds " + kind.ProtoReflect().Descriptor().FullName())
}

func wrap(kind proto.Message) *eventv1.Event {
	e := &eventv1.Event{}
	e.ProtoReflect().Set(kindField(kind), protoreflect.ValueOfMessage(kind.ProtoReflect()))
	return e
}

func owner(kind proto.Message) string {
	return proto.GetExtension(kindField(kind).Options(), eventv1.E_Owner).(string)
}

// inside is the event itself.
func inside(e *eventv1.Event) proto.Message {
	m := e.ProtoReflect()
	return m.Get(m.WhichOneof(m.Descriptor().Oneofs().ByName("kind"))).Message().Interface()
}

// where finds the first event of K's kind.
func where[K proto.Message](s *story) (appended, event int, kind K) {
	for i, a := range s.appends {
		for j, e := range a.Events {
			if k, ok := inside(e).(K); ok {
				return i, j, k
			}
		}
	}
	panic(fmt.Sprintf("the story has no %T", kind))
}

// change alters the first event of K's kind.
func change[K proto.Message](alter func(K)) func(*story) {
	return func(s *story) {
		_, _, k := where[K](s)
		alter(k)
	}
}

// drop leaves out the first event of K's kind, and its commit if nothing is left.
func drop[K proto.Message](s *story) {
	i, j, _ := where[K](s)
	s.appends[i].Events = slices.Delete(s.appends[i].Events, j, j+1)
	if len(s.appends[i].Events) == 0 {
		s.appends = slices.Delete(s.appends, i, i+1)
	}
}

// before puts a commit in front of the one with the first event of K's kind.
func before[K proto.Message](caller string, kinds ...proto.Message) func(*story) {
	return func(s *story) {
		i, _, _ := where[K](s)
		s.insert(i, i, caller, kinds)
	}
}

// after puts a commit behind the one with the first event of K's kind.
func after[K proto.Message](caller string, kinds ...proto.Message) func(*story) {
	return func(s *story) {
		i, _, _ := where[K](s)
		s.insert(i+1, i, caller, kinds)
	}
}

// insert gives the new commit the time of another.
func (s *story) insert(at, like int, caller string, kinds []proto.Message) {
	a := s.draft(caller, kinds...)
	a.RecordTime = s.appends[like].RecordTime
	s.appends = slices.Insert(s.appends, at, a)
}

// split moves the first event of K's kind into a commit of its own.
func split[K proto.Message](s *story) {
	i, j, k := where[K](s)
	s.appends[i].Events = slices.Delete(s.appends[i].Events, j, j+1)
	s.insert(i+1, i, "line/snakkommobbing", []proto.Message{k})
}

// later lets the commits from one on have been that much later.
func (s *story) later(from int, d time.Duration) {
	for _, a := range s.appends[from:] {
		a.RecordTime = timestamppb.New(a.RecordTime.AsTime().Add(d))
	}
}

// swap exchanges the commits with the first events of two kinds, but not their times.
func swap[A, B proto.Message](s *story) {
	a, _, _ := where[A](s)
	b, _, _ := where[B](s)
	s.appends[a], s.appends[b] = s.appends[b], s.appends[a]
	s.appends[a].RecordTime, s.appends[b].RecordTime = s.appends[b].RecordTime, s.appends[a].RecordTime
}
