package handover

import (
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// State is what decisions about one conversation are made on. The zero State is
// a conversation that has not been opened.
type State = handoverv1.State

// Command is something a line, or the platform itself, wants to happen. Each has a row
// in the catalogue.
type Command interface {
	// decide emits what happens on the turn, or refuses.
	decide(t *turn) error
}

// Decision is what a command makes happen.
type Decision struct {
	// Name of the resource that the command makes or changes.
	Name string
	// Events in order. None when everything is already as the command wants it.
	Events []*eventv1.Event
}

// Decide answers a command with what happens, or with a *refusal.Error. It leaves the
// state as it is.
func Decide(s *State, c Command, now time.Time, r Rules) (Decision, error) {
	t := &turn{state: s, now: now.UTC(), rules: r, command: DefinitionFor(c)}
	t.conversation = &handoverv1.Conversation{}
	if s.GetConversation() != nil {
		t.conversation = proto.CloneOf(s.Conversation)
	}
	if err := c.decide(t); err != nil {
		return Decision{}, err
	}
	return Decision{Name: t.name, Events: t.events}, nil
}

// turn is one decision being made: a working copy that each emitted event
// changes at once, so that later steps of the same command see it.
type turn struct {
	command      *Definition
	state        *State
	conversation *handoverv1.Conversation
	now          time.Time
	rules        Rules
	events       []*eventv1.Event
	name         string
	// rank ranks the lines; only Advance has it.
	rank func(*handoverv1.Conversation) *handoverv1.RoutingDecision
	// pass says which planned lines are not asked; nil where every one is.
	pass Pass
}

// emit makes something happen on the working copy.
func (t *turn) emit(what proto.Message) {
	e := event.Of(what)
	evolve(t.conversation, e, t.now)
	t.events = append(t.events, e)
}

// in is the instant that lies d after now, as events carry it.
func (t *turn) in(d time.Duration) *timestamppb.Timestamp {
	return timestamppb.New(t.now.Add(d))
}

// past says whether a deadline has been reached. No deadline is never reached.
func (t *turn) past(deadline *timestamppb.Timestamp) bool {
	return deadline != nil && !t.now.Before(deadline.AsTime())
}
