package intake

import (
	"context"
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/childtext"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/rpc"
)

// keepAlive is how often a child who waits is told that somebody is there.
const keepAlive = 45 * time.Second

// GetChildStatus returns what the child is to be told now.
func (s *Service) GetChildStatus(ctx context.Context, r *intakev1.GetChildStatusRequest) (status *intakev1.ChildStatus, err error) {
	if err := s.host.Await(ctx, s.model, r.MinPosition); err != nil {
		return nil, err
	}
	place, err := rpc.Place(r.Conversation)
	if err != nil {
		return nil, err
	}
	err = s.model.View(func(tx *bbolt.Tx) error {
		state, err := conversations.Get(tx, place.Conversation)
		if err != nil {
			return err
		}
		if err := handover.HoldsLeg(state, rpc.Caller(ctx).ID); err != nil {
			return err
		}
		status, err = statusOf(tx, state.Conversation, childtext.Of(state.Conversation), 0)
		return err
	})
	return status, err
}

// statusOf words what a child is to be told, in its language.
func statusOf(tx *bbolt.Tx, c *handoverv1.Conversation, key childtext.Key, repetition int) (*intakev1.ChildStatus, error) {
	names, err := namesIn(tx, c)
	if err != nil {
		return nil, err
	}
	said, variant := key, repetition
	if again := childtext.Repeated(key); repetition > 0 && again != "" {
		said, variant = again, repetition-1
	}
	text, language := childtext.Default().Say(said, c.Language, names, variant)
	return &intakev1.ChildStatus{Key: string(said), Text: text, Language: language, Repetition: uint32(repetition)}, nil
}

// namesIn are the names that a text about a conversation may hold.
func namesIn(tx *bbolt.Tx, c *handoverv1.Conversation) (names childtext.Names, err error) {
	h := handover.Current(c)
	from, to := c.Custody.Line, ""
	if h != nil {
		from, to = h.FromLine, h.ToLine
	}
	if h.GetSlot() != nil {
		to = h.Slot.Line
	}
	if h.GetSignpostLine() != "" {
		to = h.SignpostLine
	}
	if names.Sender, _, err = nameOf(tx, from, c.Language); err != nil {
		return names, err
	}
	var zone *time.Location
	if names.Receiver, zone, err = nameOf(tx, to, c.Language); err == nil && h.GetSlot() != nil {
		names.Time = childtext.When(h.Slot.StartTime.AsTime().In(zone), c.Language)
	}
	return names, err
}

// nameOf is what people call a line in a child's language, or nothing for no
// line, and the zone of its hours.
func nameOf(tx *bbolt.Tx, id, tag string) (string, *time.Location, error) {
	state, err := lines.StateOf(tx, id)
	if err != nil || state.Line == nil {
		return "", time.UTC, err
	}
	zone, err := time.LoadLocation(state.Line.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	return state.Line.DisplayNames[childtext.Language(tag)], zone, nil
}

// momentary are events that a child is told of once, when they happen.
func momentary(events []*eventv1.Event) childtext.Key {
	for _, e := range events {
		switch e.Kind.(type) {
		case *eventv1.Event_HandoverResumed:
			return childtext.Paused
		case *eventv1.Event_LegUnanswered:
			return childtext.LegUnanswered
		case *eventv1.Event_LegMoved:
			return childtext.LegMoved
		}
	}
	return ""
}
