package evolve_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/handover/evolve"
	"github.com/stafett/stafett/pkg/handover/view"
	"github.com/stafett/stafett/pkg/internal/story"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// kinds is one event of each kind: with nothing in it but numbers, all of which
// are n.
func kinds(n uint32) []*eventv1.Event {
	var all []*eventv1.Event
	fields := (&eventv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("kind").Fields()
	for i := range fields.Len() {
		e := &eventv1.Event{}
		what := e.ProtoReflect().Mutable(fields.Get(i)).Message()
		for j := range what.Descriptor().Fields().Len() {
			if field := what.Descriptor().Fields().Get(j); field.Kind() == protoreflect.Uint32Kind && !field.IsList() {
				what.Set(field, protoreflect.ValueOfUint32(n))
			}
		}
		all = append(all, e)
	}
	return all
}

// TestAnyEventIsNoCrash: a history is read also where it is not ours. Whatever
// kind of event comes, empty, in whichever state, reading and looking go on.
func TestAnyEventIsNoCrash(t *testing.T) {
	before := []*handover.State{{}, story.Opened(t).State}
	for state := range story.States {
		before = append(before, story.At(t, state).State)
	}
	for _, state := range before {
		for _, n := range []uint32{0, 1, 7} {
			for _, e := range kinds(n) {
				looksAt(t, state, e)
				refusesAll(t, state, e)
			}
		}
	}
}

// TestTwoEventsOfAnyKindAreNoCrash: what the first leaves undone, the second may
// take for granted.
func TestTwoEventsOfAnyKindAreNoCrash(t *testing.T) {
	for _, first := range kinds(1) {
		for _, second := range kinds(1) {
			looksAt(t, &handover.State{}, first, second)
			looksAt(t, &handover.State{}, event.Of(&eventv1.HandoverProposed{Handover: 1}), first, second)
		}
	}
}

// looksAt applies events and then does what all readers do.
func looksAt(t *testing.T, before *handover.State, events ...*eventv1.Event) {
	defer func() {
		if crash := recover(); crash != nil {
			t.Fatalf("%v after %s: %v", event.Names(events), stateAt(before), crash)
		}
	}()
	state := proto.CloneOf(before)
	a := &eventv1.Commit{Number: state.Commits + 1, PreviousHash: state.HeadHash, Events: events}
	if err := evolve.Commit(state, a, state.HeadPosition+1, [32]byte{}); err != nil {
		t.Fatalf("%v is not folded: %v", event.Names(events), err)
	}
	for _, line := range story.EveryLine {
		_, _ = view.Conversation(state, line)
		view.Events(state, a, state.HeadPosition, line)
	}
	comesToRest(t, state)
}

// comesToRest lets the platform look at a state a year later, until nothing is
// due. It must not look in vain.
func comesToRest(t *testing.T, state *handover.State) {
	t.Helper()
	var did []string
	now := story.Evening.Add(365 * 24 * time.Hour)
	for range 30 {
		due, waiting := deadline.Due(state.Conversation)
		if !waiting || due.After(now) {
			return
		}
		decision, err := command.Decide(state, deadline.Advance{Rank: story.Plan(story.Emergency)}, now, handover.DefaultRules())
		if err != nil || len(decision.Events) == 0 {
			t.Fatalf("in %s something is due at %s and nothing is done: %v", stateAt(state), due, err)
		}
		did = append(did, event.Names(decision.Events)...)
		a := &eventv1.Commit{
			Number: state.Commits + 1, PreviousHash: state.HeadHash, RecordTime: timestamppb.New(now), Events: decision.Events,
		}
		if err := evolve.Commit(state, a, state.HeadPosition+1, [32]byte{}); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("in %s the platform never comes to rest: %v", stateAt(state), did)
}

// refusesAll asks for everything there is.
func refusesAll(t *testing.T, before *handover.State, e *eventv1.Event) {
	defer func() {
		if crash := recover(); crash != nil {
			t.Fatalf("%s after %s: %v", event.Name(e), stateAt(before), crash)
		}
	}()
	state := proto.CloneOf(before)
	a := &eventv1.Commit{Number: state.Commits + 1, PreviousHash: state.HeadHash, Events: []*eventv1.Event{e}}
	_ = evolve.Commit(state, a, state.HeadPosition+1, [32]byte{})
	for _, c := range story.Everything() {
		_, _ = command.Decide(state, c, story.Evening, handover.DefaultRules())
	}
}

func stateAt(s *handover.State) string {
	if h := handover.Of(s.GetConversation()).Current(); h.Exists() {
		return story.Short(h.State)
	}
	return "no handover"
}
