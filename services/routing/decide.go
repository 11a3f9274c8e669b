package routing

import (
	"context"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/rpc"
)

// DecideHop records a supervisor's decision on a further handover.
func (s *Service) DecideHop(ctx context.Context, r *routingv1.DecideHopRequest) (*routingv1.DecideHopResponse, error) {
	return rpc.Answer[routingv1.DecideHopResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.DecideHop{Line: line, Handover: at.Handover, Supervisor: r.Supervisor, Approve: r.Approve}
	}))
}

// DecideHandover records the sender's decision.
func (s *Service) DecideHandover(ctx context.Context, r *routingv1.DecideHandoverRequest) (*routingv1.DecideHandoverResponse, error) {
	return rpc.Answer[routingv1.DecideHandoverResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.DecideHandover{Line: line, Handover: at.Handover, Decision: r.Decision}
	}))
}

// DeferHandover postpones a handover to a time when a line will be open.
func (s *Service) DeferHandover(ctx context.Context, r *routingv1.DeferHandoverRequest) (*routingv1.DeferHandoverResponse, error) {
	slot := &handoverv1.Slot{Line: strings.TrimPrefix(r.Slot.Line, "lines/"), StartTime: r.Slot.StartTime, EndTime: r.Slot.EndTime}
	if _, err := s.known(slot.Line); err != nil {
		return nil, err
	}
	all, err := s.directory()
	if err != nil {
		return nil, err
	}
	return rpc.Answer[routingv1.DeferHandoverResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.DeferHandover{
			Line: line, Handover: at.Handover, Slot: slot, Reason: r.Reason, Open: all.OpenAt,
			Suits: suits(all),
		}
	}))
}

// SignpostHandover sends the child to another line by itself.
func (s *Service) SignpostHandover(ctx context.Context, r *routingv1.SignpostHandoverRequest) (*routingv1.SignpostHandoverResponse, error) {
	to, err := s.known(strings.TrimPrefix(r.ToLine, "lines/"))
	if err != nil {
		return nil, err
	}
	all, err := s.directory()
	if err != nil {
		return nil, err
	}
	id := directory.ID(to)
	return rpc.Answer[routingv1.SignpostHandoverResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.SignpostHandover{
			Line: line, Handover: at.Handover, ToLine: id, Reason: r.Reason,
			Suits: suits(all),
		}
	}))
}

// known reads a line, and refuses one that is not in the directory.
func (s *Service) known(id string) (line *handoverv1.Line, err error) {
	err = s.model.View(func(tx *bbolt.Tx) error {
		line, err = lines.Get(tx, id)
		return err
	})
	return line, err
}

// CallEmergency records that an emergency service is called.
func (s *Service) CallEmergency(ctx context.Context, r *routingv1.CallEmergencyRequest) (*routingv1.CallEmergencyResponse, error) {
	return rpc.Answer[routingv1.CallEmergencyResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.CallEmergency{Line: line, Handover: at.Handover, Service: r.Service, Participant: r.Participant}
	}))
}

// ConfirmEmergency records that help has reached the child.
func (s *Service) ConfirmEmergency(ctx context.Context, r *routingv1.ConfirmEmergencyRequest) (*routingv1.ConfirmEmergencyResponse, error) {
	return rpc.Answer[routingv1.ConfirmEmergencyResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.ConfirmEmergency{Line: line, Handover: at.Handover, Participant: r.Participant}
	}))
}

// ConfirmCancel records that a line knows of the cancellation.
func (s *Service) ConfirmCancel(ctx context.Context, r *routingv1.ConfirmCancelRequest) (*routingv1.ConfirmCancelResponse, error) {
	return rpc.Answer[routingv1.ConfirmCancelResponse](s.do(ctx, r.Offer, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.ConfirmCancel{Line: line, Handover: at.Handover, Offer: at.Offer}
	}))
}
