package command

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// IssueTicket issues a claim ticket from the line with custody. With it the child comes
// over on their own: to another channel of the same line, or to the line to which they
// were signposted.
type IssueTicket struct {
	Line    string
	ToLine  string
	Channel handoverv1.Channel
	// Lifetime until the ticket expires. If 0, the default for its kind applies.
	Lifetime   time.Duration
	LinkHash   []byte
	DigitsHash []byte
	Draw       uint32
	RequestID  []byte
}

func issueTicket(o decide.Origin, r *routingv1.IssueTicketRequest) IssueTicket {
	return IssueTicket{
		Line: o.Line, ToLine: handover.LineID(r.ToLine), Channel: r.Channel, Lifetime: r.Lifetime.AsDuration(),
		LinkHash: o.Ticket.Link, DigitsHash: o.Ticket.Digits, Draw: o.Ticket.Draw, RequestID: o.RequestID,
	}
}

func (c IssueTicket) Decide(t *decide.Turn) error {
	if err := t.Admit(c.Line); err != nil {
		return err
	}
	if handover.Slow(c.Channel) {
		return refusal.Field("channel", "a ticket is for a chat or a phone call; name CHAT or PHONE")
	}
	issued, err := ticket(t, c)
	if err != nil {
		return err
	}
	issued.Ticket = uint32(len(t.Conversation.Tickets) + 1)
	issued.ToLine, issued.Channel, issued.Epoch = c.ToLine, c.Channel, t.Conversation.Custody.Epoch
	issued.LinkHash, issued.DigitsHash, issued.Draw, issued.RequestId = c.LinkHash, c.DigitsHash, c.Draw, c.RequestID
	t.Name = handover.TicketName(t.Conversation.Name, issued.Ticket)
	t.Emit(issued)
	return nil
}

// lifetimes holds the default, minimum and maximum lifetime of each kind of ticket.
var lifetimes = map[handoverv1.TicketKind][3]time.Duration{
	handoverv1.TicketKind_TICKET_KIND_LEG:      {10 * time.Minute, time.Minute, 30 * time.Minute},
	handoverv1.TicketKind_TICKET_KIND_SIGNPOST: {24 * time.Hour, 10 * time.Minute, 7 * 24 * time.Hour},
}

// ticket works out the kind and lifetime of a new ticket.
func ticket(t *decide.Turn, c IssueTicket) (*eventv1.TicketIssued, error) {
	issued := &eventv1.TicketIssued{Kind: handoverv1.TicketKind_TICKET_KIND_LEG}
	if c.ToLine != c.Line {
		h := t.Conversation.Current()
		if !h.Exists() || h.State != handover.Signposted || h.SignpostLine != c.ToLine {
			return nil, notSignposted(c.ToLine, fmt.Sprintf("the child was not signposted to %s; do that first, or name %s itself", c.ToLine, c.Line))
		}
		if h.SignpostArrived {
			return nil, notSignposted(c.ToLine, fmt.Sprintf("the child has arrived at %s already; no ticket is needed", c.ToLine))
		}
		issued.Kind, issued.Handover = handoverv1.TicketKind_TICKET_KIND_SIGNPOST, h.Number()
	}
	usual, least, most := lifetimes[issued.Kind][0], lifetimes[issued.Kind][1], lifetimes[issued.Kind][2]
	lives := c.Lifetime
	if lives == 0 {
		lives = usual
	}
	if lives < least || lives > most {
		return nil, refusal.Field("lifetime", fmt.Sprintf("%s is not allowed; set %s to %s, or leave it out", lives, least, most))
	}
	issued.Deadline = t.In(lives)
	return issued, nil
}

// notSignposted refuses a ticket to a line to which the child is not on its way.
func notSignposted(line, message string) error {
	return refusal.NotSignposted(message, "line", line)
}

// ClaimTicket claims the ticket with which a child has come to a line. Exactly one of
// the hashes is set.
type ClaimTicket struct {
	Line       string
	LinkHash   []byte
	DigitsHash []byte
}

func claimTicket(o decide.Origin, _ *routingv1.ClaimTicketRequest) ClaimTicket {
	return ClaimTicket{Line: o.Line, LinkHash: o.Ticket.Link, DigitsHash: o.Ticket.Digits}
}

func (c ClaimTicket) Decide(t *decide.Turn) error {
	ticket, n := c.find(t.Conversation)
	if ticket == nil || ticket.ToLine != c.Line {
		return NoTicket(c.Line, "UNKNOWN", "none with this secret was issued for "+c.Line)
	}
	t.Name = ticket.Name
	if err := claimable(t, ticket, c.Line); err != nil {
		return err
	}
	claimed := &eventv1.TicketClaimed{Ticket: n, Line: c.Line, Handover: ticket.Handover}
	if ticket.Kind == handoverv1.TicketKind_TICKET_KIND_LEG {
		claimed.Deadline = t.In(t.Rules.Leg)
	}
	t.Emit(claimed)
	return nil
}

// find returns the newest ticket with this secret, because digits may have been drawn
// before.
func (c ClaimTicket) find(conversation handover.Conversation) (*statev1.Ticket, uint32) {
	for i, ticket := range slices.Backward(conversation.GetTickets()) {
		link := len(c.LinkHash) > 0 && bytes.Equal(ticket.LinkHash, c.LinkHash)
		digits := len(c.DigitsHash) > 0 && bytes.Equal(ticket.DigitsHash, c.DigitsHash)
		if link || digits {
			return ticket, uint32(i + 1)
		}
	}
	return nil, 0
}

// claimable refuses a ticket that was used, has expired, or belongs to an earlier
// epoch.
func claimable(t *decide.Turn, ticket *statev1.Ticket, line string) error {
	switch {
	case ticket.ClaimTime != nil:
		return NoTicket(line, "USED", "it has been used; issue a new one")
	case t.Past(ticket.Deadline):
		return NoTicket(line, "EXPIRED", "it has expired; issue a new one")
	case replaced(t, ticket):
		return NoTicket(line, "REPLACED", "a newer one was issued; use that")
	case t.Conversation.CloseTime != nil && ticket.Handover == 0, ticket.Epoch != t.Conversation.Custody.Epoch:
		return NoTicket(line, "EPOCH", "custody has moved since; issue a new one")
	case t.Conversation.PendingLeg != nil && ticket.Handover == 0:
		return refusal.LegPending("another leg of the child's is waiting; answer that one first", "line", line)
	}
	return nil
}

// replaced reports whether a newer ticket was issued for the same purpose. Only the
// newest is valid, so that issuing several does not make guessing easier.
func replaced(t *decide.Turn, ticket *statev1.Ticket) bool {
	for _, other := range slices.Backward(t.Conversation.Tickets) {
		if other.Handover == ticket.Handover {
			return other.Name != ticket.Name
		}
	}
	return false
}

// NoTicket refuses a ticket. The why argument is a code for programs.
func NoTicket(line, why, message string) error {
	return refusal.TicketInvalid("the ticket cannot be used: "+message, "line", line, "why", why)
}

// AnswerLeg records that a counsellor answers the child's new leg. The leg moves now;
// the old one stays up until then.
type AnswerLeg struct {
	Line        string
	Participant string
}

func answerLeg(o decide.Origin, r *routingv1.AnswerLegRequest) AnswerLeg {
	return AnswerLeg{Line: o.Line, Participant: r.Participant}
}

func (c AnswerLeg) Decide(t *decide.Turn) error {
	if err := t.Admit(c.Line); err != nil {
		return err
	}
	leg := t.Conversation.PendingLeg
	if leg == nil || leg.Line != c.Line || t.Past(leg.Deadline) {
		return refusal.LegNotWaiting(fmt.Sprintf("no leg of %s waits at %s; the child's old leg is unchanged", t.Conversation.Name, c.Line), "line", c.Line)
	}
	if err := t.RequireCounsellor(c.Line, c.Participant); err != nil {
		return err
	}
	if child := t.Conversation.Child(); child.Line != c.Line && t.Conversation.Participant(c.Line, child.Id) != nil {
		return taken(c.Line, child.Id)
	}
	t.Emit(&eventv1.LegMoved{Ticket: leg.Ticket, Line: c.Line, Channel: leg.Channel, Participant: c.Participant})
	return nil
}
