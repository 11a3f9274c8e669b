package routing

import (
	"context"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/rpc"
)

const (
	// longestClosure is how long a line may be closed at short notice. A longer closure
	// belongs in its facts.
	longestClosure = 31 * 24 * time.Hour
	// furthestClosure is how far ahead a closure may begin.
	furthestClosure = 31 * 24 * time.Hour
	// mostClosures is the maximum number of current and future closures.
	mostClosures = 50
)

// CloseLine closes a line for a time.
func (s *Service) CloseLine(ctx context.Context, r *routingv1.CloseLineRequest) (*routingv1.CloseLineResponse, error) {
	return rpc.Answer[routingv1.CloseLineResponse](s.change(ctx, r, func(state *lines.State, now time.Time) ([]proto.Message, error) {
		start, end := now, r.EndTime.AsTime()
		if r.StartTime != nil {
			start = r.StartTime.AsTime()
		}
		if err := soundClosure(start, end, now); err != nil {
			return nil, err
		}
		if len(lines.Closures(state, now)) >= mostClosures {
			return nil, refusal.TooManyClosures(fmt.Sprintf("%s has %d closures already; reopen it, then close it for one longer time", r.Line, mostClosures),
				"line", r.Line)
		}
		return []proto.Message{&eventv1.LineClosed{Closure: &handoverv1.Closure{
			Number: state.ClosureCount + 1, Channels: r.Channels, Reason: r.Reason,
			StartTime: timestamppb.New(start), EndTime: timestamppb.New(end),
		}}}, nil
	}))
}

func soundClosure(start, end, now time.Time) error {
	switch {
	case start.Before(now):
		return refusal.Field("start_time", "it is in the past; leave it out to close at once")
	case start.After(now.Add(furthestClosure)):
		return refusal.Field("start_time", fmt.Sprintf("it is more than %d days ahead; publish an exception of the line's hours instead", furthestClosure/(24*time.Hour)))
	case !end.After(start):
		return refusal.Field("end_time", "it must be after start_time")
	case end.After(start.Add(longestClosure)):
		return refusal.Field("end_time", fmt.Sprintf("it is more than %d days after start_time; publish the line as temporarily closed instead", longestClosure/(24*time.Hour)))
	}
	return nil
}

// ReopenLine ends every closure.
func (s *Service) ReopenLine(ctx context.Context, r *routingv1.ReopenLineRequest) (*routingv1.ReopenLineResponse, error) {
	return rpc.Answer[routingv1.ReopenLineResponse](s.change(ctx, r, func(state *lines.State, now time.Time) ([]proto.Message, error) {
		if len(lines.Closures(state, now)) == 0 {
			return nil, nil
		}
		return []proto.Message{&eventv1.LineReopened{}}, nil
	}))
}
