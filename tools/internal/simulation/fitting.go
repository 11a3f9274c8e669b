package simulation

import (
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

// Commands that help where something is missing.
var (
	joinCommand     = command.DefinitionOf(&intakev1.JoinConversationRequest{})
	hopCommand      = command.DefinitionOf(&routingv1.DecideHopRequest{})
	meetCommand     = command.DefinitionOf(&routingv1.JoinHandoverRequest{})
	bridgeCommand   = command.DefinitionOf(&routingv1.OpenBridgeRequest{})
	confirmCommand  = command.DefinitionOf(&routingv1.ConfirmEmergencyRequest{})
	endCommand      = command.DefinitionOf(&routingv1.EndEmergencyRequest{})
	goneCommand     = command.DefinitionOf(&routingv1.DecideDisappearanceRequest{})
	stayCommand     = command.DefinitionOf(&intakev1.AskToStayRequest{})
	takeBackCommand = command.DefinitionOf(&routingv1.TakeBackRequest{})
	proposeCommand  = command.DefinitionOf(&routingv1.ProposeHandoverRequest{})
	claimCommand    = command.DefinitionOf(&routingv1.ClaimTicketRequest{})
	answerCommand   = command.DefinitionOf(&routingv1.AnswerLegRequest{})
	askCommand      = command.DefinitionOf(&routingv1.AskConsultationRequest{})
	adviseCommands  = []*command.Definition{
		command.DefinitionOf(&routingv1.AcknowledgeConsultationRequest{}), command.DefinitionOf(&routingv1.AcceptConsultationRequest{}),
		command.DefinitionOf(&routingv1.AcceptConsultationRequest{}), command.DefinitionOf(&routingv1.BriefConsultationRequest{}),
		command.DefinitionOf(&routingv1.AnswerConsultationRequest{}), command.DefinitionOf(&routingv1.AnswerConsultationRequest{}),
		command.DefinitionOf(&routingv1.DeclineConsultationRequest{}), command.DefinitionOf(&routingv1.WithdrawConsultationRequest{}),
	}
)

func (d *drawer) conversation() *statev1.Conversation { return d.newest.state.Conversation }

// first opens the conversation; rarely, somebody refers to one that does not exist.
func (d *drawer) first() order.Order {
	if d.one(40) {
		return order.Of(Lines[0], &intakev1.JoinConversationRequest{Participant: child, Role: handoverv1.Role_ROLE_CHILD})
	}
	return order.Of(Lines[0], d.opening())
}

const child = "child"

// command draws the next command.
func (d *drawer) command() *command.Definition {
	c := d.conversation()
	h := handover.Of(c).Current().Handover
	switch {
	case d.one(20):
		return order.Commands[d.random.IntN(len(order.Commands))]
	case d.one(9):
		return beside.draw(d.random)
	case c.CloseTime != nil:
		return afterwards.draw(d.random)
	case h != nil && h.State < handover.Bridged && handover.Of(c).Current().LacksSender() && d.one(2):
		return bridgeCommand
	case handover.Of(c).Overlap().Exists() && d.one(4):
		return []*command.Definition{stayCommand, takeBackCommand, proposeCommand}[d.random.IntN(3)]
	case c.ClosedDoor != nil && !d.one(6):
		return d.doorCommand(handover.Of(c).Current())
	case handover.Of(c).Counsellors(c.Custody.Line) == 0 && !d.one(8), c.PendingLeg != nil && d.one(2):
		return d.missing(c)
	case handover.Of(c).Disappeared() && d.one(3):
		return goneCommand
	case c.Emergency != nil && d.one(2):
		return []*command.Definition{confirmCommand, confirmCommand, endCommand}[d.random.IntN(3)]
	case handover.Of(c).OpenConsultation().Exists() && !d.one(3):
		return adviseCommands[d.random.IntN(len(adviseCommands))]
	case h == nil && d.one(12):
		return askCommand
	case h == nil && !d.one(5):
		return proposeCommand
	case h.GetState() == handoverv1.HandoverState_HANDOVER_STATE_PROPOSED && h.SupervisorNeeded && h.Supervisor == "" && !d.one(4):
		return hopCommand
	case h.GetState() == handoverv1.HandoverState_HANDOVER_STATE_ACCEPTED && h.ReceiverParticipant == "" && !d.one(4):
		return meetCommand
	}
	return onward[h.GetState()].draw(d.random)
}

// missing returns a command that helps when somebody is absent.
func (d *drawer) missing(c *statev1.Conversation) *command.Definition {
	switch {
	case c.PendingLeg == nil, handover.Of(c).Counsellors(c.Custody.Line) == 0:
		return joinCommand
	case d.one(4):
		return claimCommand
	}
	return answerCommand
}

// fitting gives a command to suit the current state: the line that may give it, somebody
// who is there, the newest handover.
func (d *drawer) fitting(command *command.Definition) order.Order {
	h := handover.Of(d.conversation()).Current().Handover
	o := order.Order{Command: command}
	if command.States != nil {
		o.Handover = uint32(len(d.conversation().Handovers))
	}
	d.speaks(&o, h)
	o.Request = order.Fill(command, chooser{d, o.Line})
	d.adjust(&o, h)
	d.signs(&o)
	return o
}

// speaks picks the line that may rightfully give the command.
func (d *drawer) speaks(o *order.Order, h *statev1.Handover) {
	c := d.conversation()
	switch o.Command.Side {
	case handover.Sender:
		o.Line = h.GetFromLine()
	case handover.Receiver:
		o.Line = h.GetToLine()
	case handover.AskedLine:
		d.asked(o, h)
	case handover.Consulted, handover.Asker, handover.Consulting:
		d.advises(o)
	case handover.WithChild:
		o.Line = []string{c.Custody.Line, h.GetFromLine(), h.GetToLine()}[d.random.IntN(3)]
	case handover.LegHolder, handover.FormerLegHolder:
		o.Line = c.LegLine
	default:
		o.Line = c.Custody.Line
	}
	if o.Line == "" {
		o.Line = Lines[d.random.IntN(len(Lines))]
	}
}

// advises picks the newest consultation, and the line that may give the command about it.
func (d *drawer) advises(o *order.Order) {
	c := handover.Of(d.conversation())
	k := c.Consultation(uint32(len(c.Consultations)))
	if !k.Exists() {
		return
	}
	o.Consultation, o.Line = k.Number(), k.Line
	if o.Command.Side == handover.Asker || o.Command.Side == handover.Consulting && d.one(2) {
		o.Line = k.FromLine
	}
}

// asked picks an offer of the handover, an open one if there is one.
func (d *drawer) asked(o *order.Order, h *statev1.Handover) {
	if len(h.GetOffers()) == 0 {
		return
	}
	n := d.random.IntN(len(h.Offers))
	for i := range h.Offers {
		if handover.OfferOpen(h.Offers[i].State) && !d.one(5) {
			n = i
			break
		}
	}
	o.Offer, o.Line = uint32(n+1), h.Offers[n].Line
}

// spoil corrupts one part of an order.
func (d *drawer) spoil(o *order.Order) {
	switch d.random.IntN(5) {
	case 0:
		o.Line = Lines[d.random.IntN(len(Lines))]
	case 1:
		o.Handover = d.random.Uint32N(4)
	case 2:
		setText(o.Request, "participant", d.stranger(o.Line))
	case 3:
		o.Offer, o.Consultation = d.random.Uint32N(4), d.random.Uint32N(3)
	case 4:
		o.Request = order.Fill(o.Command, chooser{d, o.Line})
	}
}
