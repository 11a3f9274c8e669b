package handover

import (
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// evolveLeg applies the events of claim tickets and of the child's leg.
func evolveLeg(c *handoverv1.Conversation, what proto.Message, at time.Time) {
	switch what := what.(type) {
	case *eventv1.TicketIssued:
		c.Tickets = append(c.Tickets, &handoverv1.Ticket{
			Name: TicketName(c.Name, what.Ticket), Kind: what.Kind, ToLine: what.ToLine, Channel: what.Channel,
			Epoch: what.Epoch, Deadline: what.Deadline, LinkHash: what.LinkHash, DigitsHash: what.DigitsHash,
			Draw: what.Draw, RequestId: what.RequestId, Handover: what.Handover,
		})
	case *eventv1.TicketClaimed:
		evolveClaimed(c, what, at)
	case *eventv1.LegUnanswered:
		c.PendingLeg = nil
	case *eventv1.LegMoved:
		c.PendingLeg = nil
		c.LegLine, c.Channel = what.Line, what.Channel
		refreshHeader(c)
		if child := Child(c); child != nil {
			child.Line = what.Line
			seat(c, child.Line, child.Id, child.Role, at)
		}
	}
}

func evolveClaimed(c *handoverv1.Conversation, what *eventv1.TicketClaimed, at time.Time) {
	ticket := findTicket(c, what.Ticket)
	if ticket == nil {
		return
	}
	ticket.ClaimTime = timestamppb.New(at)
	if h := NumberedHandover(c, what.Handover); h != nil {
		h.SignpostArrived = true
		return
	}
	c.PendingLeg = &handoverv1.PendingLeg{
		Ticket: what.Ticket, Line: what.Line, Channel: ticket.Channel, Deadline: what.Deadline,
	}
}

// findTicket returns the n-th ticket, or nil.
func findTicket(c *handoverv1.Conversation, n uint32) *handoverv1.Ticket {
	if n == 0 || int(n) > len(c.GetTickets()) {
		return nil
	}
	return c.Tickets[n-1]
}
