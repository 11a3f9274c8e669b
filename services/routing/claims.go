package routing

import (
	"context"
	"slices"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/rpc"
)

// ClaimTicket uses a ticket that a child has brought to a line of the directory. Wrong digits
// are counted.
func (s *Service) ClaimTicket(ctx context.Context, r *routingv1.ClaimTicketRequest) (*routingv1.ClaimTicketResponse, error) {
	call, err := rpc.Call(ctx, "", r)
	if err != nil {
		return nil, err
	}
	// Otherwise trying a million requests against the log would reveal these digits.
	call.RequestHash = keyed(s.ticketKey, "request", string(call.RequestHash))[:len(call.RequestHash)]
	claim := command.ClaimTicket{Line: rpc.Caller(ctx).ID}
	if _, err := s.known(claim.Line); err != nil {
		return nil, err
	}
	attempt := s.claimByDigits
	if r.GetLink() != "" {
		claim.LinkHash, attempt = linkHash(s.ticketKey, claim.Line, r.GetLink()), s.claimByLink
	} else {
		claim.DigitsHash = digitsHash(s.ticketKey, claim.Line, r.GetDigits())
	}
	recorded, err := attempt(ctx, &call, claim)
	if err != nil {
		return nil, err
	}
	return s.claimed(ctx, call.Target, recorded)
}

// claimByLink uses a ticket with an unguessable secret. Wrong links therefore need no
// counting, and other people's attempts lock no one out.
func (s *Service) claimByLink(ctx context.Context, call *aggregate.Call, claim command.ClaimTicket) (*recorded, error) {
	if err := s.model.CatchUp(ctx, 0); err != nil {
		return nil, err
	}
	return s.claim(ctx, call, claim)
}

// claimByDigits uses a ticket whose secret is one of a million. A line's claims run one after
// another; otherwise many could be checked before the first is counted.
func (s *Service) claimByDigits(ctx context.Context, call *aggregate.Call, claim command.ClaimTicket) (*recorded, error) {
	unlock, err := s.claims.lock(ctx, claim.Line)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := s.model.CatchUp(ctx, 0); err != nil {
		return nil, err
	}
	if err := s.mayClaim(ctx, *call, claim); err != nil {
		return nil, err
	}
	recorded, err := s.claim(ctx, call, claim)
	if err != nil {
		return nil, s.wrongTicket(ctx, *call, claim.Line, err)
	}
	return recorded, nil
}

// claim finds the conversation that a ticket belongs to, and uses it there.
func (s *Service) claim(ctx context.Context, call *aggregate.Call, claim command.ClaimTicket) (*recorded, error) {
	state, err := s.ticketOf(ctx, claim)
	if err != nil {
		return nil, err
	}
	if state == nil {
		return nil, command.NoTicket(claim.Line, "UNKNOWN", "there is none with this secret for "+claim.Line)
	}
	name, err := handover.ParseName(state.Conversation.Name)
	if err != nil {
		return nil, err
	}
	call.Target = name.Conversation
	return s.conversations.Do(ctx, *call, claim)
}

// ticketOf returns the conversation of the ticket that a claim is about, or nil.
func (s *Service) ticketOf(ctx context.Context, claim command.ClaimTicket) (*handover.State, error) {
	return s.ticketState(ctx, slices.Concat(claim.LinkHash, claim.DigitsHash))
}

// claimed is what the line learns about the child who has come. It stays the same, whatever
// becomes of the conversation.
func (s *Service) claimed(ctx context.Context, conversation string, recorded *recorded) (*routingv1.ClaimTicketResponse, error) {
	state, ticket, err := s.ticket(ctx, conversation, recorded.Name)
	if err != nil {
		return nil, err
	}
	response := &routingv1.ClaimTicketResponse{Recorded: recorded, Kind: ticket.Kind, CustodyLine: handover.LineName(ticket.ToLine)}
	if h := handover.Of(state.Conversation).Handover(ticket.Handover); h.Exists() {
		response.CustodyLine, response.Header = handover.LineName(h.FromLine), h.Header
	} else {
		response.AnswerDeadline = timestamppb.New(recorded.RecordTime.AsTime().Add(s.deps.Rules.Leg))
	}
	return response, nil
}
