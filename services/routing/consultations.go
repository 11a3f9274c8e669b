package routing

import (
	"context"
	"errors"

	"go.etcd.io/bbolt"
	"google.golang.org/grpc"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/consultation"
	"github.com/stafett/stafett/pkg/handover/view"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/projection"
	"github.com/stafett/stafett/services/internal/rpc"
)

// GetConsultation returns a consultation to one of its two lines.
func (s *Service) GetConsultation(ctx context.Context, r *routingv1.GetConsultationRequest) (*routingv1.Consultation, error) {
	if err := s.model.Await(ctx, r.MinPosition); err != nil {
		return nil, err
	}
	id, err := s.conversationOf(ctx, r.Name)
	if err != nil {
		return nil, err
	}
	state, err := s.conversations.State(ctx, id)
	if err != nil {
		return nil, err
	}
	line := rpc.Caller(ctx).ID
	k, err := consultation.Of(handover.Of(state.Conversation), line, r.Name, handover.Consulting)
	if err != nil {
		return nil, err
	}
	return view.Consultation(handover.Of(state.Conversation), k, line), nil
}

// WatchConsultations streams the consultations in which a line asks or is asked, each as it stands when it is sent.
func (s *Service) WatchConsultations(r *routingv1.WatchConsultationsRequest, stream grpc.ServerStreamingServer[routingv1.WatchConsultationsResponse]) error {
	line := rpc.Caller(stream.Context()).ID
	f := follower{model: s.model, feed: consultationFeed, line: line, tell: func(tx *bbolt.Tx, c change) (func() error, error) {
		return s.withState(stream.Context(), tx, conversationOf(tx, c.what), func(state *handover.State) error {
			of := handover.Of(state.Conversation)
			return stream.Send(&routingv1.WatchConsultationsResponse{
				Position: c.position, Consultation: view.Consultation(of, of.ConsultationNamed(c.what), line),
			})
		})
	}}
	return f.follow(stream.Context(), r.AfterPosition)
}

// conversationOf finds the conversation of a consultation, and refuses a name that does not exist. It catches up only
// for a name that is not known yet, as a consultation stays in its conversation.
func (s *Service) conversationOf(ctx context.Context, name string) (id string, err error) {
	find := func(tx *bbolt.Tx) error {
		id = conversationOf(tx, name)
		return nil
	}
	if err := s.model.View(find); err != nil || id != "" {
		return id, err
	}
	if err := errors.Join(s.model.CatchUp(ctx, 0), s.model.View(find)); err != nil {
		return "", err
	}
	if id == "" {
		return "", consultation.NotFound(name, rpc.Caller(ctx).ID)
	}
	return id, nil
}

func conversationOf(tx *bbolt.Tx, consultation string) string {
	return string(tx.Bucket(consultationsBucket).Get([]byte(consultation)))
}

// applyConsultations records the conversation of each consultation, and what the watches of its two lines must send.
func applyConsultations(tx *projection.Tx, entry eventlog.Entry, state *handover.State) error {
	feed, c := consultationFeed.feeding(tx, entry.Position), handover.Of(state.Conversation)
	for _, e := range entry.Commit.Events {
		k := changedConsultation(c, e)
		if !k.Exists() {
			continue
		}
		if err := tx.Bucket(consultationsBucket).Put([]byte(k.Name), []byte(entry.Conversation())); err != nil {
			return err
		}
		if err := errors.Join(feed.put(k.FromLine, k.Name, !k.Ended()), feed.put(k.Line, k.Name, !k.Ended())); err != nil {
			return err
		}
	}
	return nil
}

// changedConsultation returns the consultation that an event changed for its lines, or none: its own events, and
// whatever changes its header.
func changedConsultation(c handover.Conversation, e *eventv1.Event) handover.Consultation {
	switch what := event.What(e).(type) {
	case event.OfConsultation:
		return c.Consultation(what.GetConsultation())
	case *eventv1.RiskAssessed, *eventv1.ConversationTagged, *eventv1.ConversationCorrected:
		return c.OpenConsultation()
	}
	return handover.Consultation{}
}

// openConsultations lists the conversations in which a line asks or is asked for advice; for an empty line those of all
// lines.
func openConsultations(tx *bbolt.Tx, line string) (ids []string) {
	for _, name := range ofLine(tx.Bucket(consultationFeed.standing), line) {
		ids = append(ids, conversationOf(tx, name))
	}
	return ids
}
