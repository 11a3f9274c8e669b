package routing

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/rpc"
)

// SuspendLine stops offers to a line. What it has, it keeps: nobody but that line can finish with
// those children.
func (s *Service) SuspendLine(ctx context.Context, r *routingv1.SuspendLineRequest) (*routingv1.SuspendLineResponse, error) {
	return rpc.Answer[routingv1.SuspendLineResponse](s.change(ctx, r, func(state *lines.State, _ time.Time) ([]proto.Message, error) {
		if state.Suspended == r.Reason {
			return nil, nil
		}
		return []proto.Message{&eventv1.LineSuspended{Reason: r.Reason}}, nil
	}))
}

// ReinstateLine ends a suspension.
func (s *Service) ReinstateLine(ctx context.Context, r *routingv1.ReinstateLineRequest) (*routingv1.ReinstateLineResponse, error) {
	return rpc.Answer[routingv1.ReinstateLineResponse](s.change(ctx, r, func(state *lines.State, _ time.Time) ([]proto.Message, error) {
		if state.Suspended == 0 {
			return nil, nil
		}
		return []proto.Message{&eventv1.LineReinstated{}}, nil
	}))
}
