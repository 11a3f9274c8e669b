package play

import (
	"cmp"
	"strings"

	"google.golang.org/protobuf/proto"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

// complete fills in what only one kind of request has.
func (p *player) complete(s *story.Step, request proto.Message) {
	switch r := request.(type) {
	case *intakev1.OpenConversationRequest:
		comes(s.Who, r)
	case *intakev1.JoinConversationRequest:
		r.Role = cmp.Or(r.Role, roles[s.Who.Role])
	case *intakev1.SendMessageRequest:
		r.Audience = cmp.Or(r.Audience, handoverv1.Audience_AUDIENCE_ALL)
	case *intakev1.GiveConsentRequest:
		r.HeardBy = cmp.Or(r.HeardBy, hearing(p.state.GetConversation()))
	case *routingv1.ClaimTicketRequest:
		p.bring(r, s.Ticket)
	case *routingv1.ChangeRotaRequest:
		for _, change := range r.Changes {
			change.By = cmp.Or(change.By, s.Who.Name)
		}
	}
}

// hearing is the counsellor who hears what the child says over the phone; none while it writes.
func hearing(c *statev1.Conversation) string {
	for _, p := range c.GetParticipants() {
		if c.Channel == handoverv1.Channel_CHANNEL_PHONE && p.Present && p.Line == c.Custody.Line && p.Role == handoverv1.Role_ROLE_COUNSELLOR {
			return p.Id
		}
	}
	return ""
}

var roles = map[story.Role]handoverv1.Role{
	story.Child:      handoverv1.Role_ROLE_CHILD,
	story.Counsellor: handoverv1.Role_ROLE_COUNSELLOR,
}

// comes fills in what the platform is told about the child.
func comes(who story.Person, r *intakev1.OpenConversationRequest) {
	said := proto.CloneOf(r)
	proto.Reset(r)
	r.Channel, r.LanguageCode, r.AgeBand, r.Area = who.Channel, who.Language, who.Ages, who.Area
	r.Child, r.Door = who.Name, who.Door
	proto.Merge(r, said)
}

// bring sets a ticket's secret in a request: the right one, or one with a wrong first
// character. A story that calls the RPC may bring a secret of its own.
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
