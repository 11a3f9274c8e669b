package intake

import (
	"context"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/childtext"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/rpc"
)

// keepAlive is how often a waiting child is told that the conversation is still alive.
const keepAlive = 45 * time.Second

// GetChildStatus returns what to tell the child now.
func (s *Service) GetChildStatus(ctx context.Context, r *intakev1.GetChildStatusRequest) (status *intakev1.ChildStatus, err error) {
	if err := s.model.Await(ctx, r.MinPosition); err != nil {
		return nil, err
	}
	name, err := rpc.ParseName(strings.TrimSuffix(r.Name, "/childStatus"))
	if err != nil {
		return nil, err
	}
	state, err := s.conversations.Projected(ctx, name.Conversation)
	if err != nil {
		return nil, err
	}
	if err := decide.RequireLeg(state, rpc.Caller(ctx).ID); err != nil {
		return nil, err
	}
	err = s.model.View(func(tx *bbolt.Tx) error {
		status, err = statusOf(tx, state.Conversation, childtext.Of(state.Conversation), 0)
		return err
	})
	return status, err
}

// statusOf words the child's status in its language.
func statusOf(tx *bbolt.Tx, c *statev1.Conversation, key childtext.Key, repetition int) (*intakev1.ChildStatus, error) {
	language, err := languageOf(tx, c)
	if err != nil {
		return nil, err
	}
	said, variant := key, repetition
	if again := childtext.Repeated(key); repetition > 0 && again != "" {
		said, variant = again, repetition-1
	}
	status := &intakev1.ChildStatus{
		Name: c.Name + "/childStatus", Key: string(said), LanguageCode: language, Repetition: uint32(repetition),
		ResponsibleLine: handover.LineName(c.Custody.Line), PresentLines: presentLines(c),
	}
	if status.Text, err = say(tx, c, key, said, variant, language); err != nil {
		return nil, err
	}
	if c.ClosedDoor != nil {
		addDoor(status, c)
	}
	situation := childtext.Situation(c)
	status.Situation, err = say(tx, c, situation, situation, 0, language)
	return status, err
}

// addDoor adds where a child at a closed door can go.
func addDoor(status *intakev1.ChildStatus, c *statev1.Conversation) {
	for _, line := range handover.Of(c).OpenLines() {
		status.OpenLines = append(status.OpenLines, handover.LineName(line))
	}
	status.OpeningTime, status.EmergencyNumbers = c.ClosedDoor.OpeningTime, []string{childtext.EmergencyNumber}
}

// say words what is said for a key.
func say(tx *bbolt.Tx, c *statev1.Conversation, key, said childtext.Key, variant int, language string) (string, error) {
	names, err := namesFor(tx, c, key, language)
	text, _ := childtext.Default().Say(said, language, names, variant)
	return text, err
}

// presentLines are the lines of which a counsellor is connected, in the order in which they came. A
// receiver is not with the child before the bridge.
func presentLines(c *statev1.Conversation) (here []string) {
	coming := comingTo(handover.Of(c))
	for _, p := range c.Participants {
		name := handover.LineName(p.Line)
		if p.Line != coming && p.Role == handoverv1.Role_ROLE_COUNSELLOR && p.Present && !slices.Contains(here, name) {
			here = append(here, name)
		}
	}
	return here
}

// comingTo is the line that has accepted and is not with the child yet, or empty.
func comingTo(c handover.Conversation) string {
	h := c.Current()
	if !h.Exists() || !h.BeforeTransfer() || c.WithChild(h.ToLine) {
		return ""
	}
	return h.ToLine
}

// momentary returns the text for events that a child is told of once, when they happen. A
// child who comes back to a handover that ended in its absence is told then, because it could
// not read the text when it ended.
func momentary(c *statev1.Conversation, events []*eventv1.Event) childtext.Key {
	for _, e := range events {
		switch what := e.Kind.(type) {
		case *eventv1.Event_HandoverResumed:
			return childtext.Paused
		case *eventv1.Event_LegUnanswered:
			return childtext.LegUnanswered
		case *eventv1.Event_EmergencyCalled:
			return childtext.Emergency
		case *eventv1.Event_LegMoved:
			return childtext.LegMoved
		case *eventv1.Event_ParticipantJoined:
			if what.ParticipantJoined.Role == handoverv1.Role_ROLE_CHILD && childtext.CameBack(c) {
				return childtext.Abandoned
			}
		}
	}
	return ""
}
