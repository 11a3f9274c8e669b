package routing

import (
	"context"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/rpc"
	"github.com/stafett/stafett/services/internal/seats"
)

// ReportCapacity records the capacity that the calling line's desks report. It does not record
// an unchanged report again within half of its lifetime.
func (s *Service) ReportCapacity(ctx context.Context, r *routingv1.ReportCapacityRequest) (*routingv1.ReportCapacityResponse, error) {
	if len(r.Seats) == 2 && r.Seats[0].Channel == r.Seats[1].Channel {
		return nil, refusal.Field("seats", "a channel is named twice; name each once")
	}
	line := rpc.Caller(ctx)
	if _, err := s.known(line.ID); err != nil {
		return nil, err
	}
	var counts *statev1.CapacityReport
	call := aggregate.Call{Target: line.ID, Caller: line.URI, Command: "ReportCapacity"}
	outcome := s.lines.Do(ctx, call, func(state *lines.State, now time.Time) ([]proto.Message, error) {
		stands, err := s.stands(ctx, state.Capacity, r.Seats, line.ID, now)
		if stands || err != nil {
			counts = state.Capacity
			return nil, err
		}
		counts = &statev1.CapacityReport{ExpireTime: timestamppb.New(now.Add(s.deps.Rules.Seats))}
		return []proto.Message{&eventv1.CapacityReported{Seats: r.Seats, ExpireTime: counts.ExpireTime}}, nil
	})
	if outcome.Err != nil {
		return nil, outcome.Err
	}
	position := outcome.Recorded.Position
	if outcome.Result == aggregate.NothingToDo {
		position = counts.Position
	}
	return &routingv1.ReportCapacityResponse{ExpireTime: counts.ExpireTime, Position: position}, nil
}

// stands reports whether the previous report still holds, with the same content and enough
// time left. It no longer holds once someone has come since: the desks' count then includes
// them.
func (s *Service) stands(ctx context.Context, report *statev1.CapacityReport, reported []*handoverv1.SeatReport, line string, now time.Time) (bool, error) {
	if report == nil || report.ExpireTime.AsTime().Sub(now) < s.deps.Rules.Seats/2 || len(report.Seats) != len(reported) {
		return false, nil
	}
	for i := range reported {
		if !proto.Equal(report.Seats[i], reported[i]) {
			return false, nil
		}
	}
	if err := s.model.CatchUp(ctx, 0); err != nil {
		return false, err
	}
	came := false
	err := s.model.View(func(tx *bbolt.Tx) (err error) {
		came, err = seats.Came(tx, line)
		return err
	})
	return !came, err
}
