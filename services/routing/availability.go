package routing

import (
	"context"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/pkg/rota"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// GetAvailability returns whether a line can take a child.
func (s *Service) GetAvailability(ctx context.Context, r *routingv1.GetAvailabilityRequest) (*routingv1.Availability, error) {
	if err := s.model.Await(ctx, r.MinPosition); err != nil {
		return nil, err
	}
	id, at := lineOf(r.Name, "/availability"), s.instant(r.Time)
	told, err := s.available(id, at)
	if err != nil {
		return nil, err
	}
	state, err := s.lineState(id)
	if err != nil || state.Rota == nil {
		return told, err
	}
	staffing, err := rota.Of(state.Rota)
	if err != nil {
		return nil, err
	}
	if shift, _ := staffing.Staffs(at); !shift.End.IsZero() {
		told.Shift = shiftFor(ctx, handover.LineName(id), staffing, shift)
	}
	if next, found := staffing.Next(at); found {
		told.NextShift = shiftFor(ctx, handover.LineName(id), staffing, next)
	}
	return told, nil
}

// available is a line's availability at an instant. It refuses a line that does not exist or
// was removed meanwhile, and looks again for one that has just been added.
func (s *Service) available(id string, at time.Time) (*routingv1.Availability, error) {
	for {
		all, err := s.directory()
		if err != nil {
			return nil, err
		}
		if told := all.Availability(id, at); told != nil {
			return told, nil
		}
		if _, err := s.known(id); err != nil {
			return nil, err
		}
	}
}

// instant is the requested instant, or now.
func (s *Service) instant(asked *timestamppb.Timestamp) time.Time {
	if asked == nil {
		return s.deps.Clock.Now()
	}
	return asked.AsTime()
}

// FindDoor returns the line that answers a phone number.
func (s *Service) FindDoor(ctx context.Context, r *routingv1.FindDoorRequest) (*routingv1.FindDoorResponse, error) {
	if err := s.model.Await(ctx, r.MinPosition); err != nil {
		return nil, err
	}
	all, err := s.directory()
	if err != nil {
		return nil, err
	}
	line, known := all.Behind(r.Channel, r.Number, r.Area, s.instant(r.Time))
	if !known {
		return nil, refusal.DoorNotFound("no line has a door with the number "+r.Number+" on this channel; list the lines to see their doors",
			"number", r.Number)
	}
	return &routingv1.FindDoorResponse{Line: line.GetName()}, nil
}
