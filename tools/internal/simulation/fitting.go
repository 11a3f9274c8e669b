package simulation

import (
	"time"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

func (d *drawer) conversation() *handoverv1.Conversation { return d.newest.state.Conversation }

// first opens the conversation; rarely, somebody refers to one that does not exist.
func (d *drawer) first() order.Order {
	if d.one(40) {
		return order.Order{Command: "JoinConversation", Line: Lines[0], Person: child, Code: int32(handoverv1.Role_ROLE_CHILD)}
	}
	return d.opening()
}

// opening returns the first order of every conversation: mostly a chat.
func (d *drawer) opening() order.Order {
	channel := handoverv1.Channel_CHANNEL_CHAT
	if d.one(4) {
		channel = handoverv1.Channel(1 + d.random.Int32N(4))
	}
	return order.Order{Command: "OpenConversation", Line: Lines[0], Person: child, Code: int32(channel)}
}

const child = "child"

// command draws the next command.
func (d *drawer) command() string {
	c := d.conversation()
	h := handover.Of(c).Current().Handover
	switch {
	case d.one(20):
		names := order.Names()
		return names[d.random.IntN(len(names))]
	case d.one(9):
		return beside.draw(d.random)
	case c.CloseTime != nil:
		return afterwards.draw(d.random)
	case handover.Of(c).Counsellors(c.Custody.Line) == 0, c.PendingLeg != nil && d.one(2):
		return d.missing(c)
	case h == nil || onward[h.State] == nil:
		return between.draw(d.random)
	case h.State == handoverv1.HandoverState_HANDOVER_STATE_PROPOSED && h.SupervisorNeeded && h.Supervisor == "" && !d.one(4):
		return "DecideHop"
	case h.State == handoverv1.HandoverState_HANDOVER_STATE_ACCEPTED && h.ReceiverParticipant == "" && !d.one(4):
		return "JoinHandover"
	}
	return onward[h.State].draw(d.random)
}

// missing returns a command that helps when somebody is absent.
func (d *drawer) missing(c *handoverv1.Conversation) string {
	if c.PendingLeg != nil && handover.Of(c).Counsellors(c.Custody.Line) > 0 {
		return "AnswerLeg"
	}
	return "JoinConversation"
}

// fitting fills in a command to suit the current state: the line that may give it,
// somebody who is there, the newest handover.
func (d *drawer) fitting(command string) order.Order {
	c := d.conversation()
	o := order.Order{Command: command, Line: c.Custody.Line, Handover: uint32(len(c.Handovers))}
	h := handover.Of(c).Current().Handover
	switch rightful[command] {
	case "nobody":
		o.Handover = 0
	case "sender":
		o.Line = h.GetFromLine()
	case "receiver":
		o.Line = h.GetToLine()
	case "asked":
		d.asked(&o, h)
	case "child":
		o.Line = c.LegLine
	}
	if o.Line == "" {
		o.Line = Lines[d.random.IntN(len(Lines))]
	}
	if details := details[command]; details != nil {
		details(d, &o, h)
	}
	return o
}

// rightful is who gives a command; the default is the custodian.
var rightful = map[string]string{
	"OpenConversation": "nobody", "JoinConversation": "nobody", "LeaveConversation": "nobody", "DisconnectParticipant": "nobody",
	"CloseConversation": "nobody", "SendMessage": "nobody", "TagConversation": "nobody", "AssessRisk": "nobody", "RecordDuty": "nobody",
	"ProposeHandover": "nobody", "IssueTicket": "nobody", "ClaimTicket": "nobody", "AnswerLeg": "nobody",
	"DecideHop": "sender", "SealPacket": "sender", "AskConsent": "sender", "OverrideConsent": "sender", "CancelHandover": "sender",
	"DecideHandover": "sender", "DeferHandover": "sender", "SignpostHandover": "sender", "CallEmergency": "sender",
	"ConfirmEmergency": "sender", "StartBriefing": "sender", "OpenBridge": "sender", "AttestAgreement": "sender", "LeaveHandover": "sender",
	"JoinHandover": "receiver", "OpenPacket": "receiver", "ConfirmHandover": "receiver", "ReportOutcome": "receiver",
	"AcknowledgeOffer": "asked", "AcceptOffer": "asked", "DeclineOffer": "asked", "ConfirmCancel": "asked",
	"GiveConsent": "child", "RefuseConsent": "child", "WithdrawConsent": "child", "AgreeToHandover": "child",
}

// asked picks an offer of the handover, an open one if there is one.
func (d *drawer) asked(o *order.Order, h *handoverv1.Handover) {
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
		o.Person = d.stranger(o.Line)
	case 3:
		o.Offer = d.random.Uint32N(4)
	case 4:
		o.Scopes, o.At = order.Scopes(d.random.Uint32()), d.span(30*24*time.Hour)
	}
}
