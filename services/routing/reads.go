package routing

import (
	"context"
	"strings"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/view"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/rpc"
)

// GetHandover returns a handover to a line that gave or took it.
func (s *Service) GetHandover(ctx context.Context, r *routingv1.GetHandoverRequest) (*routingv1.Handover, error) {
	state, name, err := s.read(ctx, r.Name, r.MinPosition)
	if err != nil {
		return nil, err
	}
	line := rpc.Caller(ctx).ID
	h, err := decide.GivenOrTaken(state, name.Handover, line)
	if err != nil {
		return nil, err
	}
	return view.Handover(h, line), nil
}

// GetCustody returns who is responsible for a conversation.
func (s *Service) GetCustody(ctx context.Context, r *routingv1.GetCustodyRequest) (*routingv1.Custody, error) {
	state, _, err := s.read(ctx, strings.TrimSuffix(r.Name, "/custody"), r.MinPosition)
	if err != nil {
		return nil, err
	}
	line := rpc.Caller(ctx).ID
	if err := decide.RequireVisible(state, line); err != nil {
		return nil, err
	}
	return view.Custody(state.Conversation, line), nil
}

// read reads a conversation's state, at least as new as a position.
func (s *Service) read(ctx context.Context, name string, position uint64) (*handover.State, handover.ResourceName, error) {
	parsed, err := rpc.ParseName(name)
	if err != nil {
		return nil, parsed, err
	}
	if err := s.model.Await(ctx, position); err != nil {
		return nil, parsed, err
	}
	state, err := s.conversations.State(ctx, parsed.Conversation)
	return state, parsed, err
}
