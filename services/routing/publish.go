package routing

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/lines"
)

// publish records a line's facts unless the log has them already.
func (s *Service) publish(ctx context.Context, line *handoverv1.Line) error {
	subject := eventlog.LineSubject(strings.TrimPrefix(line.Name, "lines/"))
	for {
		history, err := s.host.Log.Tail(ctx, subject, 0)
		if err != nil {
			return err
		}
		if n := len(history); n > 0 && proto.Equal(lines.Of(history[n-1].Append), line) {
			return nil
		}
		err = s.publishAfter(ctx, subject, history, line)
		if !errors.Is(err, eventlog.ErrConflict) {
			return err
		}
	}
}

func (s *Service) publishAfter(ctx context.Context, subject string, history []eventlog.Entry, line *handoverv1.Line) error {
	a := &eventv1.Append{
		Id: uuid.NewString(), Subject: subject, Number: uint32(len(history) + 1),
		RecordTime: timestamppb.New(s.host.Clock.Now()), Caller: s.host.Identity,
		Command: "PublishLine", Name: line.Name,
		Events: []*eventv1.Event{event.Of(&eventv1.LinePublished{Line: line})},
	}
	var expected uint64
	if len(history) > 0 {
		last := history[len(history)-1]
		expected, a.PreviousHash = last.Position, last.Hash[:]
	}
	_, err := s.host.Log.Append(ctx, a, expected)
	return err
}
