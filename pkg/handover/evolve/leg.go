package evolve

import (
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// evolveLeg applies the events of claim tickets and of the child's leg.
func evolveLeg(c handover.Conversation, what proto.Message, at time.Time) {
	switch what := what.(type) {
	case *eventv1.TicketIssued:
		c.Tickets = append(c.Tickets, &statev1.Ticket{
			Name: handover.TicketName(c.Name, what.Ticket), Kind: what.Kind, ToLine: what.ToLine, Channel: what.Channel,
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
		if child := c.Child(); child != nil {
			child.Line = what.Line
			arrive(c, child.Line, child.Id, child.Role, at)
		}
	}
}

func evolveClaimed(c handover.Conversation, what *eventv1.TicketClaimed, at time.Time) {
	ticket := c.Ticket(what.Ticket)
	if ticket == nil {
		return
	}
	ticket.ClaimTime = timestamppb.New(at)
	if h := c.Handover(what.Handover); h.Exists() {
		h.SignpostArrived = true
		return
	}
	c.PendingLeg = &statev1.PendingLeg{
		Ticket: what.Ticket, Line: what.Line, Channel: ticket.Channel, Deadline: what.Deadline,
	}
}
