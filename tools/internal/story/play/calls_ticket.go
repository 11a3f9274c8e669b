package play

import (
	"context"
	"strings"

	"google.golang.org/protobuf/types/known/durationpb"

	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

// ofTicket builds the requests of verbs about a claim ticket.
var ofTicket = map[story.Verb]func(*player, *story.Step) call{
	"issue ticket": func(p *player, s *story.Step) call {
		request := &routingv1.IssueTicketRequest{
			RequestId: p.requestID(s), Conversation: p.played.Conversation, ToLine: lineNames(s.Lines)[0], Channel: s.Channel,
		}
		if s.For > 0 {
			request.Lifetime = durationpb.New(s.For)
		}
		return func(ctx context.Context) (*recorded, error) {
			response, err := p.at(s).Routing.IssueTicket(ctx, request)
			if err == nil {
				p.ticket = response
			}
			return response.GetRecorded(), err
		}
	},
	story.Claim: func(p *player, s *story.Step) call {
		request := &routingv1.ClaimTicketRequest{RequestId: p.requestID(s)}
		p.bring(request, s.Ticket)
		return func(ctx context.Context) (*recorded, error) {
			response, err := p.at(s).Routing.ClaimTicket(ctx, request)
			return response.GetRecorded(), err
		}
	},
	story.Answer: func(p *player, s *story.Step) call {
		return send(p.at(s).Routing.AnswerLeg, &routingv1.AnswerLegRequest{
			RequestId: p.requestID(s), Conversation: p.played.Conversation, Participant: s.Who.Name,
		})
	},
}

// bring sets a ticket's secret in a request: the right one, or one with a wrong first
// character.
func (p *player) bring(request *routingv1.ClaimTicketRequest, form string) {
	link, digits := p.ticket.GetLink(), p.ticket.GetDigits()
	switch form {
	case story.Link:
		request.Secret = &routingv1.ClaimTicketRequest_Link{Link: link}
	case story.WrongLink:
		request.Secret = &routingv1.ClaimTicketRequest_Link{Link: strings.Repeat("a", 26)}
	case story.Digits:
		request.Secret = &routingv1.ClaimTicketRequest_Digits{Digits: digits}
	case story.WrongDigits:
		request.Secret = &routingv1.ClaimTicketRequest_Digits{Digits: other(digits)}
	}
}

// other returns six digits of which the first differs.
func other(digits string) string {
	if digits == "" {
		return "000000"
	}
	return string('0'+(digits[0]-'0'+1)%10) + digits[1:]
}
