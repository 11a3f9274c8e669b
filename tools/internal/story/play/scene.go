package play

import (
	"google.golang.org/grpc/status"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

// Observer is told of a story while it is played. Play waits for it.
type Observer interface {
	// Step is told of each step after it has been played.
	Step(Scene)
}

// ObserverFunc is a function that observes.
type ObserverFunc func(Scene)

// Step calls the function.
func (f ObserverFunc) Step(s Scene) { f(s) }

// Scene is one step as it was played, and how things stand after it.
type Scene struct {
	// Step is what was played. Its Sentence tells it in English.
	Step story.Step
	// Refused is the reason, and Message the words, of a refusal that the story
	// expects. Empty where the step was carried out.
	Refused, Message string
	// Recorded is the platform's answer. Nil where nothing was sent to it.
	Recorded *handoverv1.Recorded
	// Reached are the lines whose systems received and could read what was said.
	Reached []string
	// Opened is what the receiver could read of the packet.
	Opened []Part
	// Events are what the history has that it did not have after the step before,
	// what the platform did by itself included.
	Events []*eventv1.Event
	// Custody says who is responsible. Nil before the conversation is open.
	Custody *handoverv1.Custody
	// Handover is the newest one. Nil before there is any.
	Handover *handoverv1.Handover
}

// Part is one part of a packet, in the clear.
type Part struct {
	Scope handoverv1.Scope
	Text  string
}

// message is the platform's sentence in an error.
func message(err error) string { return status.Convert(err).Message() }
