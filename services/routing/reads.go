package routing

import (
	"context"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/rpc"
)

// GetHandover returns a handover to a line that gave or took it.
func (s *Service) GetHandover(ctx context.Context, r *routingv1.GetHandoverRequest) (*handoverv1.Handover, error) {
	state, place, err := s.read(ctx, r.Name, r.MinPosition)
	if err != nil {
		return nil, err
	}
	return handover.FindHandover(state, place.Handover, rpc.Caller(ctx).ID)
}

// GetCustody returns who is responsible for a conversation.
func (s *Service) GetCustody(ctx context.Context, r *routingv1.GetCustodyRequest) (*handoverv1.Custody, error) {
	state, _, err := s.read(ctx, r.Conversation, r.MinPosition)
	if err != nil {
		return nil, err
	}
	line := rpc.Caller(ctx).ID
	if err := handover.Visible(state, line); err != nil {
		return nil, err
	}
	return custodyFor(state, line), nil
}

// custodyFor is who is responsible. How well it attends to the child is its own
// to know.
func custodyFor(state *handover.State, line string) *handoverv1.Custody {
	custody := state.Conversation.Custody
	if custody.Line == line {
		return custody
	}
	return &handoverv1.Custody{Line: custody.Line, Epoch: custody.Epoch}
}

// read finds a conversation's state, not older than a position.
func (s *Service) read(ctx context.Context, name string, position uint64) (*handover.State, handover.Place, error) {
	place, err := rpc.Place(name)
	if err != nil {
		return nil, place, err
	}
	if err := s.model.Await(ctx, position); err != nil {
		return nil, place, err
	}
	state, err := s.conversations.State(place.Conversation)
	return state, place, err
}
