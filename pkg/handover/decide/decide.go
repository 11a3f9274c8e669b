package decide

import (
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/evolve"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Command is what a line, or the platform itself, wants to do. Every command has a row
// in the catalogue.
type Command interface {
	// Decide emits events on the turn, or refuses.
	Decide(t *Turn) error
}

// Decision is the result of a command.
type Decision struct {
	// Name of the resource that the command creates or changes.
	Name string
	// Events in order. Empty if the command changes nothing.
	Events []*eventv1.Event
}

// Permission says who may give a command, and in which states of a handover.
type Permission struct {
	// Name of the command, and of its RPC if it has one.
	Name string
	// Side that may give the command.
	Side handover.Side
	// States of the handover that allow the command. Nil if the command names no
	// handover.
	States []handoverv1.HandoverState
}

// Allows reports whether a state of a handover allows the command. It is false in every
// state for a command that names no handover.
func (p Permission) Allows(state handoverv1.HandoverState) bool {
	return slices.Contains(p.States, state)
}

// Begin returns a turn on a copy of the state's conversation. The instead function lists
// the commands that a state allows, for refusals.
func Begin(s *handover.State, p Permission, instead func(handoverv1.HandoverState) []string, now time.Time, r handover.Rules) *Turn {
	c := &statev1.Conversation{}
	if s.GetConversation() != nil {
		c = proto.CloneOf(s.Conversation)
	}
	return &Turn{State: s, Conversation: handover.Of(c), Now: now.UTC(), Rules: r, Permission: p, instead: instead}
}

// Reading returns a turn that asks about a state, and must emit nothing.
func Reading(s *handover.State, p Permission) *Turn {
	return &Turn{State: s, Conversation: handover.Of(s.GetConversation()), Permission: p}
}

// Decide lets the command emit its events, and returns them or its refusal.
func (t *Turn) Decide(c Command) (Decision, error) {
	if err := c.Decide(t); err != nil {
		return Decision{}, err
	}
	return Decision{Name: t.Name, Events: t.events}, nil
}

// Turn is a decision in progress. It works on a copy to which each emitted event is
// applied at once, so that later steps of the command see it.
type Turn struct {
	// Permission is that of the command.
	Permission Permission
	// State on which the command is decided. The turn does not change it.
	State *handover.State
	// Conversation is the working copy.
	Conversation handover.Conversation
	Now          time.Time
	Rules        handover.Rules
	// Name of the resource that the command creates or changes.
	Name string
	// Rank ranks the lines; only Advance sets it.
	Rank handover.Rank
	// Skip says which planned lines to skip; if nil, none.
	Skip handover.Skip

	events  []*eventv1.Event
	instead func(handoverv1.HandoverState) []string
}

// Emit records an event and applies it to the working copy.
func (t *Turn) Emit(what proto.Message) {
	e := event.Of(what)
	evolve.Event(t.Conversation, e, t.Now)
	t.events = append(t.events, e)
}
