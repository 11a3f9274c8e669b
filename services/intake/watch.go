package intake

import (
	"bytes"
	"context"
	"errors"

	"go.etcd.io/bbolt"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/view"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/intake/internal/vault"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/projection"
	"github.com/stafett/stafett/services/internal/rpc"
)

// GetConversation returns what a line may see of a conversation.
func (s *Service) GetConversation(ctx context.Context, r *intakev1.GetConversationRequest) (*intakev1.Conversation, error) {
	if err := s.model.Await(ctx, r.MinPosition); err != nil {
		return nil, err
	}
	name, err := rpc.ParseName(r.Name)
	if err != nil {
		return nil, err
	}
	state, err := s.conversations.State(name.Conversation)
	if err != nil {
		return nil, err
	}
	return view.Conversation(state, rpc.Caller(ctx).ID)
}

// WatchConversation streams what a line may see of a conversation, for as long as it may. The
// line's access is checked again for every commit.
func (s *Service) WatchConversation(r *intakev1.WatchConversationRequest, stream grpc.ServerStreamingServer[intakev1.WatchConversationResponse]) error {
	ctx := stream.Context()
	name, err := rpc.ParseName(r.Name)
	if err != nil {
		return err
	}
	if err := s.model.CatchUp(ctx, r.AfterPosition); err != nil {
		return err
	}
	w := watch{service: s, conversation: name.Conversation, line: rpc.Caller(ctx).ID, after: r.AfterPosition}
	for {
		changed := s.model.Changed()
		ended, err := w.catchUp(stream)
		if err != nil || ended {
			return err
		}
		if w.more {
			continue
		}
		again := s.deps.Clock.NewTimer(w.told.quiet(s.deps.Clock.Now()))
		select {
		case <-changed:
		case <-again.Chan():
		case <-ctx.Done():
		}
		again.Stop()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// watch is one line's position in one conversation.
type watch struct {
	service      *Service
	conversation string
	line         string
	after        uint64
	told         told
	begun        bool
	more         bool // the last page was full
}

// catchUp sends what is new and reports whether the line has seen the last of it.
func (w *watch) catchUp(stream grpc.ServerStreamingServer[intakev1.WatchConversationResponse]) (ended bool, err error) {
	if idle, err := w.idle(); idle || err != nil {
		return false, err
	}
	w.begun = true
	state, news, err := w.news()
	if err != nil {
		return false, err
	}
	for _, response := range news {
		if err := stream.Send(response); err != nil {
			return false, err
		}
	}
	ended = !w.more && !handover.PartiesOf(state).Include(w.line)
	return ended, rpc.Pace(stream.Context(), max(1, len(news)))
}

// idle reports whether there is nothing to send. It costs far less than reading the conversation,
// and most commits are about others.
func (w *watch) idle() (idle bool, err error) {
	if !w.begun || w.more || w.told.quiet(w.service.deps.Clock.Now()) == 0 {
		return false, nil
	}
	err = w.service.model.View(func(tx *bbolt.Tx) error {
		k, _ := tx.Bucket(appendsBucket).Cursor().Seek(projection.Key(w.conversation, w.after+1))
		idle = !bytes.HasPrefix(k, projection.Prefix(w.conversation))
		return nil
	})
	return idle, err
}

func (w *watch) news() (state *handover.State, news []*intakev1.WatchConversationResponse, err error) {
	err = w.service.model.View(func(tx *bbolt.Tx) error {
		state, err = conversations.Get(tx, w.conversation)
		if err != nil {
			return err
		}
		if err := decide.RequireVisible(state, w.line); err != nil {
			return err
		}
		if news, err = w.read(tx, state); err != nil {
			return err
		}
		news, err = w.tell(tx, state, news)
		return err
	})
	return state, news, err
}

// read reads one page of commits.
func (w *watch) read(tx *bbolt.Tx, state *handover.State) ([]*intakev1.WatchConversationResponse, error) {
	var news []*intakev1.WatchConversationResponse
	cursor := tx.Bucket(appendsBucket).Cursor()
	prefix, seen := projection.Prefix(w.conversation), 0
	w.more = false
	for k, payload := cursor.Seek(projection.Key(w.conversation, w.after+1)); bytes.HasPrefix(k, prefix); k, payload = cursor.Next() {
		if seen++; seen > rpc.WatchPage {
			w.more = true
			break
		}
		w.after = projection.KeyPosition(k)
		if !handover.PartiesOf(state).MaySee(w.line, w.after) {
			continue
		}
		a := &eventv1.Commit{}
		if err := proto.Unmarshal(payload, a); err != nil {
			return nil, err
		}
		response, err := w.response(state, a)
		if err != nil {
			return nil, err
		}
		if len(response.Events) > 0 {
			news = append(news, response)
		}
	}
	return news, nil
}

// response is what the line may see of a commit, with the messages' blobs. Erased blobs are
// left out.
func (w *watch) response(state *handover.State, a *eventv1.Commit) (*intakev1.WatchConversationResponse, error) {
	response := &intakev1.WatchConversationResponse{Position: w.after, RecordTime: a.RecordTime}
	response.Events = view.Events(state, a, w.after, w.line)
	for _, e := range response.Events {
		sent := e.GetMessageSent()
		if sent == nil {
			continue
		}
		blob, err := w.service.vault.Get(w.conversation, sent.Commitment)
		if errors.Is(err, vault.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		response.Messages = append(response.Messages, &intakev1.SealedMessage{Message: sent.Message, Sealed: blob.Sealed, Salt: blob.Salt})
	}
	return response, nil
}
