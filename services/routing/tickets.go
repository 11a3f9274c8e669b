package routing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// draws is how often digits are redrawn because a live ticket of the line has the same.
const draws = 8

// IssueTicket issues a claim ticket. Its secrets are derived from the request, so that a
// repeated request gets the same ones, and only hashes are stored.
func (s *Service) IssueTicket(ctx context.Context, r *routingv1.IssueTicketRequest) (*routingv1.IssueTicketResponse, error) {
	var drawn secrets
	recorded, err := s.commands.DoWith(ctx, r, func(o *decide.Origin) (_ func() error, err error) {
		drawn, err = s.draw(ctx, o.At.Conversation, handover.LineID(r.ToLine), o.RequestID)
		o.Ticket = decide.TicketHashes{Link: drawn.linkHash(), Digits: drawn.digitsHash(), Draw: drawn.draw}
		return nil, err
	})
	if err != nil {
		return nil, err
	}
	return s.issued(ctx, drawn, recorded)
}

// draw makes a ticket's secrets, with digits that no live ticket of the line has.
func (s *Service) draw(ctx context.Context, conversation, line string, requestID []byte) (secrets, error) {
	drawn := secrets{key: s.ticketKey, conversation: conversation, line: line, requestID: requestID}
	for range draws {
		live, err := s.live(ctx, drawn.digitsHash())
		if err != nil || !live {
			return drawn, err
		}
		drawn.draw++
	}
	return drawn, errors.New("no digits are free for another ticket of " + line)
}

// live reports whether a ticket with these digits can still be used.
func (s *Service) live(ctx context.Context, digitsHash []byte) (bool, error) {
	state, err := s.ticketState(ctx, digitsHash)
	if err != nil || state == nil {
		return false, err
	}
	return slices.ContainsFunc(state.Conversation.Tickets, func(ticket *statev1.Ticket) bool {
		return bytes.Equal(ticket.DigitsHash, digitsHash) && ticket.ClaimTime == nil && ticket.Deadline.AsTime().After(s.deps.Clock.Now())
	}), nil
}

// issued reads the ticket from the log: a repeated request may have drawn other digits the
// first time.
func (s *Service) issued(ctx context.Context, drawn secrets, recorded *handoverv1.Recorded) (*routingv1.IssueTicketResponse, error) {
	_, ticket, err := s.ticket(ctx, drawn.conversation, recorded.Name)
	if err != nil {
		return nil, err
	}
	drawn.draw = ticket.Draw
	return &routingv1.IssueTicketResponse{
		Recorded: recorded, Link: drawn.link(), Digits: drawn.digits(), ExpireTime: ticket.Deadline,
	}, nil
}

// ticket reads a ticket from the log's newest state.
func (s *Service) ticket(ctx context.Context, conversation, name string) (*handover.State, *statev1.Ticket, error) {
	state, err := s.conversations.Newest(ctx, conversation)
	if err != nil {
		return nil, nil, err
	}
	for _, ticket := range state.Conversation.Tickets {
		if ticket.Name == name {
			return state, ticket, nil
		}
	}
	return nil, nil, fmt.Errorf("%s was recorded but is missing from the log", name)
}

// ticketState is the conversation of the claim ticket with this hash, or nil.
func (s *Service) ticketState(ctx context.Context, hash []byte) (*handover.State, error) {
	var id string
	err := s.model.View(func(tx *bbolt.Tx) error {
		id = string(tx.Bucket(ticketsBucket).Get(hash))
		return nil
	})
	if err != nil || id == "" {
		return nil, err
	}
	return s.conversations.Projected(ctx, id)
}
