package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/stafett/stafett/pkg/client"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
)

// errEnough ends a watch.
var errEnough = errors.New("enough")

// until follows a conversation after a position, up to an event, and returns where that was.
func (s system) until(ctx context.Context, conversation string, after uint64, is func(*eventv1.Event) bool, each func(*intakev1.WatchConversationResponse) error) (uint64, error) {
	request := &intakev1.WatchConversationRequest{Name: conversation, AfterPosition: after}
	err := client.Watch(ctx, s.Intake.WatchConversation, request, func(r *intakev1.WatchConversationResponse) error {
		if err := each(r); err != nil {
			return err
		}
		if slices.ContainsFunc(r.Events, is) {
			after = r.Position
			return errEnough
		}
		return nil
	})
	if err == nil {
		err = fmt.Errorf("%s ended before that", conversation)
	}
	if errors.Is(err, errEnough) {
		err = nil
	}
	return after, err
}

// show passes on to the child's window what is for the child, until the conversation
// closes: also after custody has moved, because the window is still this line's.
func (s system) show(ctx context.Context, conversation string) error {
	request := &intakev1.WatchConversationRequest{Name: conversation}
	return client.Watch(ctx, s.Intake.WatchConversation, request, func(r *intakev1.WatchConversationResponse) error {
		if text := r.GetStatus().GetText(); text != "" {
			s.tell("the child is told", text)
		}
		words, err := s.keys.Read(ctx, conversation, r)
		for _, said := range words {
			if said.Audience == handoverv1.Audience_AUDIENCE_ALL {
				s.tell("in the child's window", said.Text)
			}
		}
		return err
	})
}

func wrote(participant string) func(*eventv1.Event) bool {
	return func(e *eventv1.Event) bool { return e.GetMessageSent().GetParticipant() == participant }
}

func (s system) say(ctx context.Context, conversation, participant, text string, to handoverv1.Audience) error {
	message := &intakev1.SendMessageRequest{Conversation: conversation, Participant: participant, Audience: to}
	if err := s.keys.Seal(ctx, message, text); err != nil {
		return err
	}
	_, err := client.Send(ctx, s.Intake.SendMessage, message)
	return err
}
