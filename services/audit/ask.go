package audit

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/audit/internal/access"
	"github.com/stafett/stafett/services/internal/readmodel"
	"github.com/stafett/stafett/services/internal/rpc"
)

// replay prepares a replay: it refuses what can never be answered, waits until
// everything that the log has now can be told, and records who asked.
func (s *Service) replay(ctx context.Context, r *auditv1.ReplayAppendsRequest) (*replay, error) {
	if err := consistent(r); err != nil {
		return nil, err
	}
	if err := s.host.CatchUp(ctx, s.model, max(r.AfterPosition, r.UntilPosition)); err != nil {
		return nil, err
	}
	if err := s.happened(r); err != nil {
		return nil, err
	}
	for _, name := range []string{r.Conversation, r.Line} {
		if err := s.known(name); err != nil {
			return nil, err
		}
	}
	p := &replay{selection: selected(r), model: s.model, after: r.AfterPosition}
	return p, s.recorded(ctx, r.Purpose, &eventv1.Reading{
		Conversation: r.Conversation, Line: r.Line, WithConversations: r.WithConversations, EventTypes: r.EventTypes,
		AfterPosition: r.AfterPosition, UntilPosition: r.UntilPosition, StartTime: r.StartTime, EndTime: r.EndTime, Follow: r.Follow,
	})
}

// recorded records an access, and lets nothing be told if it cannot.
func (s *Service) recorded(ctx context.Context, purpose *eventv1.Purpose, reading *eventv1.Reading) error {
	method, _ := grpc.Method(ctx)
	reading.LogPosition = s.model.Position()
	return s.record.Add(ctx, access.Access{
		Caller: rpc.Caller(ctx).URI, Command: path.Base(method), Purpose: purpose, Reading: reading,
	})
}

// consistent refuses a request whose parts exclude each other.
func consistent(r *auditv1.ReplayAppendsRequest) error {
	switch {
	case r.Follow && (r.UntilPosition > 0 || r.EndTime != nil):
		return rpc.Invalid("follow", "it does not go together with until_position or end_time; leave it out")
	case r.UntilPosition > 0 && r.UntilPosition < r.AfterPosition:
		return rpc.Invalid("until_position", "it lies before after_position; swap them")
	case r.StartTime != nil && r.EndTime != nil && !r.StartTime.AsTime().Before(r.EndTime.AsTime()):
		return rpc.Invalid("end_time", "it does not lie after start_time; swap them")
	case r.WithConversations && r.Line == "":
		return rpc.Invalid("with_conversations", "it says more about a line, and none is named; name one or leave it out")
	case r.Conversation != "" && r.Line != "" && !r.WithConversations:
		return rpc.Invalid("line", "what is recorded about a line is in no conversation; set with_conversations for what happened while it was a party")
	}
	for i, name := range r.EventTypes {
		if !slices.Contains(event.Kinds(), name) {
			return rpc.Invalid(fmt.Sprintf("event_types[%d]", i), name+" is no kind of event; there are "+strings.Join(event.Kinds(), ", "))
		}
	}
	return nil
}

// happened refuses times at which there is nothing yet, or was nothing.
func (s *Service) happened(r *auditv1.ReplayAppendsRequest) error {
	if r.StartTime != nil && !r.Follow {
		if err := s.come(r.StartTime); err != nil {
			return err
		}
	}
	if r.EndTime == nil {
		return nil
	}
	if err := s.come(r.EndTime); err != nil {
		return err
	}
	begins, err := s.begins()
	if err != nil || begins == nil || begins.AsTime().Before(r.EndTime.AsTime()) {
		return err
	}
	return beforeStart("the history", r.EndTime.AsTime(), begins.AsTime())
}

// come refuses an instant that has not come.
func (s *Service) come(at *timestamppb.Timestamp) error {
	now := s.host.Clock.Now()
	if !at.AsTime().After(now) {
		return nil
	}
	return &handover.Refusal{
		Reason: handoverv1.RefusalReason_REFUSAL_REASON_TIME_IN_FUTURE,
		Message: fmt.Sprintf("%s has not come, it is %s; ask for what has happened, or follow what comes",
			at.AsTime().Format(time.RFC3339Nano), now.UTC().Format(time.RFC3339Nano)),
		Metadata: map[string]string{"time": at.AsTime().Format(time.RFC3339Nano)},
	}
}

func beforeStart(what string, at, begins time.Time) error {
	return &handover.Refusal{
		Reason: handoverv1.RefusalReason_REFUSAL_REASON_BEFORE_START,
		Message: fmt.Sprintf("%s begins at %s, and %s is not after that; ask for a later instant",
			what, begins.Format(time.RFC3339Nano), at.Format(time.RFC3339Nano)),
		Metadata: map[string]string{"start_time": begins.Format(time.RFC3339Nano)},
	}
}

// begins is when the first append of all was recorded, or nil.
func (s *Service) begins() (at *timestamppb.Timestamp, err error) {
	err = s.model.View(func(tx *bbolt.Tx) error {
		payload := tx.Bucket(appendsBucket).Get(readmodel.PositionKey(1))
		if payload == nil {
			return nil
		}
		stored, err := read(1, payload)
		at = stored.GetAppend().GetRecordTime()
		return err
	})
	return at, err
}

// known refuses the name of something that is not in the history.
func (s *Service) known(name string) error {
	if name == "" {
		return nil
	}
	return s.model.View(func(tx *bbolt.Tx) error {
		if subjectOf(name).from(tx, 0) > 0 {
			return nil
		}
		return notFound(name)
	})
}

func notFound(name string) error {
	kind, _, _ := strings.Cut(name, "/")
	refusal := &handover.Refusal{
		Reason:   handoverv1.RefusalReason_REFUSAL_REASON_CONVERSATION_NOT_FOUND,
		Message:  name + " is not in the history; check its name",
		Metadata: map[string]string{strings.TrimSuffix(kind, "s"): name},
	}
	if kind == "lines" {
		refusal.Reason = handoverv1.RefusalReason_REFUSAL_REASON_LINE_NOT_FOUND
	}
	return refusal
}
