package apitest

import (
	"github.com/google/uuid"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

const (
	Chat  = handoverv1.Channel_CHANNEL_CHAT
	Phone = handoverv1.Channel_CHANNEL_PHONE
)

type (
	Issued  = routingv1.IssueTicketResponse
	Claimed = routingv1.ClaimTicketResponse
)

// ToPhone requests a ticket that turns a chat into a call to the same line.
func (d Desk) ToPhone(conversation string) *routingv1.IssueTicketRequest {
	return &routingv1.IssueTicketRequest{RequestId: uuid.NewString(), Conversation: conversation, ToLine: "lines/" + d.Line, Channel: Phone}
}

func (d Desk) Issue(r *routingv1.IssueTicketRequest) *Issued {
	d.T.Helper()
	return Must[*Issued](d.T)(d.Routing.IssueTicket(d.Ctx, r))
}

// ClaimWith is a request to use a ticket by its link or its six digits.
func ClaimWith(secret string) *routingv1.ClaimTicketRequest {
	r := &routingv1.ClaimTicketRequest{RequestId: uuid.NewString()}
	if len(secret) == 6 {
		r.Secret = &routingv1.ClaimTicketRequest_Digits{Digits: secret}
	} else {
		r.Secret = &routingv1.ClaimTicketRequest_Link{Link: secret}
	}
	return r
}

func (d Desk) Claim(secret string) (*Claimed, error) {
	return d.Routing.ClaimTicket(d.Ctx, ClaimWith(secret))
}

// MoveCustody moves custody from sender to first.
func MoveCustody(w *World, conversation string) {
	w.T.Helper()
	sender, first := w.Desk("sender"), w.Desk("first")
	handover := sender.Propose(conversation, "first")
	sender.Consent(handover)
	first.Accept(handover, "1")
	sender.Bridge(first, handover)
	sender.Transfer(first, handover)
}

// WrongAttempts is the number of wrong attempts in the log.
func (w *World) WrongAttempts() int {
	w.T.Helper()
	return len(Logged[*eventv1.TicketRefused](w, ""))
}
