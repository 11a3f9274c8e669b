package intake

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"go.etcd.io/bbolt"
	"google.golang.org/grpc"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/view"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/intake/internal/vault"
	"github.com/stafett/stafett/services/internal/eventlog"
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
	state, err := s.conversations.State(ctx, name.Conversation)
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
	news := s.model.Watch(name.Conversation)
	defer news.Stop()
	w := watch{service: s, conversation: name.Conversation, line: rpc.Caller(ctx).ID, after: r.AfterPosition}
	for {
		ended, err := w.catchUp(stream)
		if err != nil || ended {
			return err
		}
		if w.more {
			continue
		}
		again := s.deps.Clock.NewTimer(w.told.quiet(s.deps.Clock.Now()))
		select {
		case <-news.Changed:
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
	more         bool // the last page was full
}

// catchUp sends what is new and reports whether the line has seen the last of it.
func (w *watch) catchUp(stream grpc.ServerStreamingServer[intakev1.WatchConversationResponse]) (ended bool, err error) {
	state, news, err := w.news(stream.Context())
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

func (w *watch) news(ctx context.Context) (state *handover.State, news []*intakev1.WatchConversationResponse, err error) {
	if state, err = w.service.conversations.Projected(ctx, w.conversation); err != nil {
		return nil, nil, err
	}
	if err := decide.RequireVisible(state, w.line); err != nil {
		return nil, nil, err
	}
	if news, err = w.read(ctx, state); err != nil {
		return nil, nil, err
	}
	err = w.service.model.View(func(tx *bbolt.Tx) error {
		news, err = w.tell(tx, state, news)
		return err
	})
	return state, news, err
}

// read reads one page of commits, up to the state's.
func (w *watch) read(ctx context.Context, state *handover.State) (news []*intakev1.WatchConversationResponse, err error) {
	page, err := w.service.deps.Log.Part(ctx, eventlog.ConversationSubject(w.conversation),
		eventlog.Range{After: w.after, Until: state.HeadPosition, Most: rpc.WatchPage})
	if err != nil {
		return nil, err
	}
	for _, entry := range page {
		w.after = entry.Position
		if !handover.PartiesOf(state).MaySee(w.line, w.after) {
			continue
		}
		response, err := w.response(state, entry.Commit)
		if err != nil {
			return nil, err
		}
		if len(response.Events) > 0 {
			news = append(news, response)
		}
	}
	w.more = len(page) == rpc.WatchPage && w.after < state.HeadPosition
	return news, nil
}

// response is what the line may see of a commit, with the messages' blobs. Erased blobs are
// left out.
func (w *watch) response(state *handover.State, a *eventv1.Commit) (response *intakev1.WatchConversationResponse, err error) {
	response = &intakev1.WatchConversationResponse{Position: w.after, RecordTime: a.RecordTime}
	response.Events = view.Events(state, a, w.after, w.line)
	response.Grants, err = w.service.granted(w.conversation, w.line, response.Events)
	if err != nil {
		return nil, err
	}
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
		response.Messages = append(response.Messages, &intakev1.SealedMessage{Message: sent.Message, Sealed: blob.Sealed, Salt: blob.Salt, Item: item(a)})
	}
	return response, nil
}

// item is what the writer's line sealed a message for: the request id with which it was sent.
func item(a *eventv1.Commit) string {
	id, err := uuid.FromBytes(a.RequestId)
	if err != nil {
		return ""
	}
	return id.String()
}
