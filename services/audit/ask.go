package audit

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"google.golang.org/grpc"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/refusal"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/audit/internal/access"
	"github.com/stafett/stafett/services/internal/rpc"
)

// replay prepares a replay: it refuses requests that can never be answered, waits until the
// projection has everything that the log holds now, and records who asked.
func (s *Service) replay(ctx context.Context, r *auditv1.ReplayCommitsRequest) (*replay, error) {
	if err := consistent(r); err != nil {
		return nil, err
	}
	if err := s.model.CatchUp(ctx, max(r.AfterPosition, r.UntilPosition)); err != nil {
		return nil, err
	}
	if err := s.happened(ctx, r); err != nil {
		return nil, err
	}
	for _, name := range []string{r.Conversation, r.Line} {
		if err := s.known(name); err != nil {
			return nil, err
		}
	}
	reading := &eventv1.Reading{
		Conversation: r.Conversation, Line: r.Line, WithConversations: r.WithConversations, EventTypes: r.EventTypes,
		AfterPosition: r.AfterPosition, UntilPosition: r.UntilPosition, StartTime: r.StartTime, EndTime: r.EndTime, Follow: r.Follow,
	}
	if err := s.recorded(ctx, s.proved, r.Purpose, reading); err != nil {
		return nil, err
	}
	return &replay{selection: selected(r, reading.LogPosition), service: s, after: r.AfterPosition, next: &auditv1.ReplayCommitsResponse{}}, nil
}

// recorded records an access to a log, together with where that log ends. If it fails, nothing
// may be sent to the reader.
func (s *Service) recorded(ctx context.Context, log *proved, purpose *eventv1.Purpose, reading *eventv1.Reading) error {
	method, _ := grpc.Method(ctx)
	reading.LogPosition = log.model.Position()
	return s.record.Add(ctx, access.Access{
		Caller: rpc.Caller(ctx).URI, Command: path.Base(method), Purpose: purpose, Reading: reading,
	})
}

// consistent refuses a request whose parts exclude each other.
func consistent(r *auditv1.ReplayCommitsRequest) error {
	switch {
	case r.Follow && (r.UntilPosition > 0 || r.EndTime != nil):
		return refusal.Field("follow", "it cannot be combined with until_position or end_time; leave one of them out")
	case r.UntilPosition > 0 && r.UntilPosition < r.AfterPosition:
		return refusal.Field("until_position", "it is before after_position; swap them")
	case r.StartTime != nil && r.EndTime != nil && !r.StartTime.AsTime().Before(r.EndTime.AsTime()):
		return refusal.Field("end_time", "it is not after start_time; swap them")
	case r.WithConversations && r.Line == "":
		return refusal.Field("with_conversations", "it needs a line; name one, or leave it out")
	case r.Conversation != "" && r.Line != "" && !r.WithConversations:
		return refusal.Field("line", "events about a line are not part of a conversation; set with_conversations for conversations while it was a party to them")
	}
	for i, name := range r.EventTypes {
		if !slices.Contains(event.Kinds(), name) {
			return refusal.Field(fmt.Sprintf("event_types[%d]", i), name+" is not a kind of event; use one of "+strings.Join(event.Kinds(), ", "))
		}
	}
	return nil
}
