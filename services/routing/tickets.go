package routing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/rpc"
)

// draws is how often digits are drawn anew because a live ticket of the line has
// the same.
const draws = 8

// IssueTicket gives out a claim ticket. Its secrets are derived from the request,
// so that the same request gets the same ones again, and only hashes are stored.
func (s *Service) IssueTicket(ctx context.Context, r *routingv1.IssueTicketRequest) (*routingv1.IssueTicketResponse, error) {
	place, err := rpc.Place(r.Conversation)
	if err != nil {
		return nil, err
	}
	call, err := rpc.Call(ctx, place.Conversation, r)
	if err != nil {
		return nil, err
	}
	to := strings.TrimPrefix(r.ToLine, "lines/")
	if _, err := s.known(to); err != nil {
		return nil, err
	}
	drawn, err := s.draw(place.Conversation, to, call.RequestID)
	if err != nil {
		return nil, err
	}
	recorded, err := s.commander.Do(ctx, call, handover.IssueTicket{
		Line: rpc.Caller(ctx).ID, ToLine: to, Channel: r.Channel, Lifetime: r.Lifetime.AsDuration(),
		LinkHash: drawn.linkHash(), DigitsHash: drawn.digitsHash(), Draw: drawn.draw, RequestID: call.RequestID,
	})
	if err != nil {
		return nil, err
	}
	return s.issued(ctx, drawn, recorded)
}

// draw makes a ticket's secrets, with digits that no live ticket of the line has.
func (s *Service) draw(conversation, line string, requestID []byte) (drawn secrets, err error) {
	drawn = secrets{key: s.ticketKey, conversation: conversation, line: line, requestID: requestID}
	err = s.model.View(func(tx *bbolt.Tx) error {
		for range draws {
			live, err := s.live(tx, drawn.digitsHash())
			if err != nil || !live {
				return err
			}
			drawn.draw++
		}
		return errors.New("no digits are free for another ticket of " + line)
	})
	return drawn, err
}

// live says whether a ticket with these digits can still be used.
func (s *Service) live(tx *bbolt.Tx, digitsHash []byte) (bool, error) {
	state, err := ticketState(tx, digitsHash)
	if err != nil || state == nil {
		return false, err
	}
	return slices.ContainsFunc(state.Conversation.Tickets, func(ticket *handoverv1.Ticket) bool {
		return bytes.Equal(ticket.DigitsHash, digitsHash) && ticket.ClaimTime == nil && ticket.Deadline.AsTime().After(s.host.Clock.Now())
	}), nil
}

// issued reads the ticket from the log: a request that is asked again may have
// drawn other digits the first time.
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

// ticket reads a ticket as the log has it.
func (s *Service) ticket(ctx context.Context, conversation, name string) (*handover.State, *handoverv1.Ticket, error) {
	state, err := s.commander.Newest(ctx, conversation)
	if err != nil {
		return nil, nil, err
	}
	for _, ticket := range state.Conversation.Tickets {
		if ticket.Name == name {
			return state, ticket, nil
		}
	}
	return nil, nil, fmt.Errorf("%s was recorded and is not in the log", name)
}

// ClaimTicket uses a ticket that a child has brought. What is wrong is counted.
func (s *Service) ClaimTicket(ctx context.Context, r *routingv1.ClaimTicketRequest) (*routingv1.ClaimTicketResponse, error) {
	call, err := rpc.Call(ctx, "", r)
	if err != nil {
		return nil, err
	}
	// The log must not tell who tries a million requests which had these digits.
	call.RequestHash = keyed(s.ticketKey, "request", string(call.RequestHash))[:len(call.RequestHash)]
	line := rpc.Caller(ctx).ID
	next, err := s.takeTurn(ctx, line)
	if err != nil {
		return nil, err
	}
	defer next()
	if err := s.mayTry(ctx, call, line); err != nil {
		return nil, err
	}
	claim := handover.ClaimTicket{Line: line}
	if r.GetLink() != "" {
		claim.LinkHash = linkHash(s.ticketKey, line, r.GetLink())
	} else {
		claim.DigitsHash = digitsHash(s.ticketKey, line, r.GetDigits())
	}
	recorded, err := s.claim(ctx, &call, claim)
	if err != nil {
		return nil, s.wrongTicket(ctx, call, line, err)
	}
	return s.claimed(ctx, call.Conversation, recorded)
}

// claim finds the conversation that a ticket is of, and uses it there.
func (s *Service) claim(ctx context.Context, call *conversations.Call, claim handover.ClaimTicket) (*recorded, error) {
	err := s.model.View(func(tx *bbolt.Tx) error {
		state, err := ticketState(tx, slices.Concat(claim.LinkHash, claim.DigitsHash))
		if state != nil {
			place, _ := handover.ParseName(state.Conversation.Name)
			call.Conversation = place.Conversation
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if call.Conversation == "" {
		return nil, handover.NoTicket(claim.Line, "UNKNOWN", "there is none with this secret for "+claim.Line)
	}
	return s.commander.Do(ctx, *call, claim)
}

// claimed is what the line learns of who has come.
func (s *Service) claimed(ctx context.Context, conversation string, recorded *recorded) (*routingv1.ClaimTicketResponse, error) {
	state, ticket, err := s.ticket(ctx, conversation, recorded.Name)
	if err != nil {
		return nil, err
	}
	response := &routingv1.ClaimTicketResponse{
		Recorded: recorded, Kind: ticket.Kind, CustodyLine: state.Conversation.Custody.Line,
	}
	if ticket.Handover > 0 {
		response.Header = state.Conversation.Handovers[ticket.Handover-1].Header
	} else {
		response.AnswerDeadline = timestamppb.New(recorded.RecordTime.AsTime().Add(s.host.Rules.Leg))
	}
	return response, nil
}

// takeTurn waits until no other ticket of the line's is being tried here: those
// that are tried at once must not all be looked at before the first is counted.
func (s *Service) takeTurn(ctx context.Context, line string) (next func(), err error) {
	made, _ := s.claims.LoadOrStore(line, make(chan struct{}, 1))
	turn := made.(chan struct{})
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// mayTry refuses a line that has tried too many wrong tickets, and a request id
// under which it tried another, without looking at the one it brings.
func (s *Service) mayTry(ctx context.Context, call conversations.Call, line string) error {
	if err := s.host.CatchUp(ctx, s.model, 0); err != nil {
		return err
	}
	state, err := s.lineState(line)
	if err != nil {
		return err
	}
	wrong := lines.Counting(state, s.host.Clock.Now())
	for _, w := range wrong {
		if bytes.Equal(w.RequestId, call.RequestID) && !bytes.Equal(w.RequestHash, call.RequestHash) {
			return conversations.Reused(state.HeadPosition)
		}
	}
	if len(wrong) < s.host.Rules.WrongTickets {
		return nil
	}
	until := wrong[0].Deadline.AsTime()
	return &handover.Refusal{
		Reason:   handoverv1.RefusalReason_REFUSAL_REASON_TOO_MANY_ATTEMPTS,
		Message:  fmt.Sprintf("%s has tried %d wrong tickets; the next can be tried at %s", line, len(wrong), until.Format("15:04:05 MST")),
		Metadata: map[string]string{"line": line, "until": until.Format("2006-01-02T15:04:05Z07:00")},
	}
}

// wrongTicket counts an attempt that was refused because of the ticket, once for
// each request, and answers with the refusal.
func (s *Service) wrongTicket(ctx context.Context, call conversations.Call, line string, why error) error {
	var refusal *handover.Refusal
	if !errors.As(why, &refusal) || refusal.Reason != handoverv1.RefusalReason_REFUSAL_REASON_TICKET_INVALID {
		return why
	}
	state, err := s.lineState(line)
	if err != nil {
		return err
	}
	now := s.host.Clock.Now()
	err = lines.Append(ctx, s.host.Log, state, lines.Change{
		Line: line, Caller: call.Caller, Command: call.Command, RequestID: call.RequestID, RequestHash: call.RequestHash, At: now,
		Decide: func(state *lines.State) (proto.Message, error) {
			if slices.ContainsFunc(state.WrongTickets, func(w *handoverv1.WrongTicket) bool { return bytes.Equal(w.RequestHash, call.RequestHash) }) {
				return nil, nil
			}
			return &eventv1.TicketRefused{Deadline: timestamppb.New(now.Add(s.host.Rules.WrongTicketsIn))}, nil
		},
	})
	if err != nil {
		return err
	}
	return why
}

// AnswerLeg answers the child's new leg.
func (s *Service) AnswerLeg(ctx context.Context, r *routingv1.AnswerLegRequest) (*recorded, error) {
	return s.do(ctx, r.Conversation, r, func(line string, _ handover.Place) handover.Command {
		return handover.AnswerLeg{Line: line, Participant: r.Participant}
	})
}
