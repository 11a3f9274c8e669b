package play

import (
	"google.golang.org/grpc/status"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

// Observer follows a story while it is played. Play waits for it.
type Observer interface {
	// Step is called after each step.
	Step(Scene)
}

// ObserverFunc adapts a function to an Observer.
type ObserverFunc func(Scene)

// Step calls f.
func (f ObserverFunc) Step(s Scene) { f(s) }

// Scene is a played step and the state after it.
type Scene struct {
	// Step is the played step. Its Sentence describes it in English.
	Step story.Step
	// Refused is the reason, and Message the text, of a refusal that the story expects. Both
	// are empty if the step was carried out.
	Refused, Message string
	// Recorded is the platform's answer; nil if nothing was sent to it.
	Recorded *handoverv1.Recorded
	// Reached are the lines whose systems received the message and could read it.
	Reached []string
	// Opened is what the receiver could read of the packet.
	Opened []Part
	// Events are the history's new events since the previous step, including those that the
	// platform caused by itself.
	Events []*eventv1.Event
	// Custody says who is responsible; nil before the conversation is open.
	Custody *statev1.Custody
	// Handover is the newest one; nil before the first.
	Handover *statev1.Handover
}

// Part is one part of a packet, in plain text.
type Part struct {
	Scope handoverv1.Scope
	Text  string
}

// message is the platform's error message.
func message(err error) string { return status.Convert(err).Message() }
