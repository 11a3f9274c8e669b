package handover

import (
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// State is the basis for decisions about one conversation. The zero State is a
// conversation that has not been opened.
type State = handoverv1.State

// Command is what a line, or the platform itself, wants to do. Every command has a row
// in the catalogue.
type Command interface {
	// decide emits events on the turn, or refuses.
	decide(t *turn) error
}

// Decision is the result of a command.
type Decision struct {
	// Name of the resource that the command creates or changes.
	Name string
	// Events in order. Empty if the command changes nothing.
	Events []*eventv1.Event
}

// Decide returns what a command does, or a *refusal.Error. It does not change the
// state.
func Decide(s *State, c Command, now time.Time, r Rules) (Decision, error) {
	t := &turn{state: s, now: now.UTC(), rules: r, command: DefinitionFor(c)}
	t.conversation = Of(&handoverv1.Conversation{})
	if s.GetConversation() != nil {
		t.conversation = Of(proto.CloneOf(s.Conversation))
	}
	if err := c.decide(t); err != nil {
		return Decision{}, err
	}
	return Decision{Name: t.name, Events: t.events}, nil
}

// turn is a decision in progress. It works on a copy to which each emitted event is
// applied at once, so that later steps of the command see it.
type turn struct {
	command      *Definition
	state        *State
	conversation Conversation
	now          time.Time
	rules        Rules
	events       []*eventv1.Event
	name         string
	// rank ranks the lines; only Advance sets it.
	rank Rank
	// skip says which planned lines to skip; if nil, none.
	skip Skip
}

// emit records an event and applies it to the working copy.
func (t *turn) emit(what proto.Message) {
	e := event.Of(what)
	evolve(t.conversation, e, t.now)
	t.events = append(t.events, e)
}

// in returns the instant d from now, in the form that events carry.
func (t *turn) in(d time.Duration) *timestamppb.Timestamp {
	return timestamppb.New(t.now.Add(d))
}

// past reports whether a deadline has passed. An absent deadline never passes.
func (t *turn) past(deadline *timestamppb.Timestamp) bool {
	return deadline != nil && !t.now.Before(deadline.AsTime())
}
