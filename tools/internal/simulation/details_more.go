package simulation

import (
	"time"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

var moreDetails = map[string]detail{
	"JoinHandover": func(d *drawer, o *order.Order, _ *handoverv1.Handover) {
		o.Person = counsellor(o.Line, d.random.IntN(2))
	},
	"OpenBridge": func(d *drawer, o *order.Order, _ *handoverv1.Handover) {
		o.Person = d.here(o.Line)
		if !handover.Of(d.conversation()).Child().Present && d.one(2) || d.one(30) {
			o.Code = int32(handoverv1.BridgeException_BRIDGE_EXCEPTION_CHILD_UNREACHABLE)
		}
	},
	"OpenPacket": func(d *drawer, o *order.Order, _ *handoverv1.Handover) {
		if d.one(3) {
			o.Line = Lines[d.random.IntN(len(Lines))]
		}
	},
	"ConfirmHandover":  func(d *drawer, o *order.Order, _ *handoverv1.Handover) { o.Person = d.here(o.Line) },
	"ConfirmEmergency": func(d *drawer, o *order.Order, _ *handoverv1.Handover) { o.Person = d.here(o.Line) },
	"AnswerLeg":        func(d *drawer, o *order.Order, _ *handoverv1.Handover) { o.Person = d.here(o.Line) },
	"CallEmergency": func(d *drawer, o *order.Order, _ *handoverv1.Handover) {
		o.Person, o.Code = d.here(o.Line), 1+d.random.Int32N(3)
	},
	"DeferHandover": func(d *drawer, o *order.Order, _ *handoverv1.Handover) {
		o.To, o.Code = d.elsewhere(o), 1+d.random.Int32N(2)
		o.At = d.now.Sub(order.Epoch) + d.span(20*time.Hour)
	},
	"SignpostHandover": func(d *drawer, o *order.Order, _ *handoverv1.Handover) {
		o.To, o.Code = d.elsewhere(o), 1+d.random.Int32N(3)
	},
	"IssueTicket": issues,
	"ClaimTicket": claims,
}

// issues a ticket for another channel, or for the line that the child was sent to. Its
// secret derives from the request id, so each ticket has its own.
func issues(d *drawer, o *order.Order, h *handoverv1.Handover) {
	o.To, o.Code, o.Ticket = o.Line, 1+d.random.Int32N(2), d.requests
	if h.GetState() == handoverv1.HandoverState_HANDOVER_STATE_SIGNPOSTED && !d.one(4) {
		o.To = h.SignpostLine
	}
	if d.one(10) {
		o.At = d.span(48 * time.Hour)
	}
}

// claims an issued ticket, mostly with the right secret.
func claims(d *drawer, o *order.Order, _ *handoverv1.Handover) {
	o.Code, o.Ticket = d.random.Int32N(2), d.random.Uint32N(40)
	if all := d.conversation().Tickets; len(all) > 0 && !d.one(8) {
		t := all[d.random.IntN(len(all))]
		o.Line, o.Ticket = t.ToLine, uint32(t.LinkHash[28])<<24|uint32(t.LinkHash[29])<<16|uint32(t.LinkHash[30])<<8|uint32(t.LinkHash[31])
	}
}
