package order

import (
	"time"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

var ofEnds = map[string]builder{
	"CancelHandover": func(o Order, _ Directory) handover.Command {
		return handover.CancelHandover{Line: o.Line, Handover: o.Handover, Reason: handoverv1.CancelReason(o.Code)}
	},
	"DecideHandover": func(o Order, _ Directory) handover.Command {
		return handover.DecideHandover{Line: o.Line, Handover: o.Handover, Decision: handoverv1.SenderDecision(o.Code)}
	},
	"DeferHandover": func(o Order, d Directory) handover.Command {
		return handover.DeferHandover{
			Line: o.Line, Handover: o.Handover, Reason: handoverv1.DeferReason(o.Code), Open: d.Open,
			Slot: &handoverv1.Slot{Line: o.To, StartTime: instant(o.At), EndTime: instant(o.At + time.Hour)},
		}
	},
	"SignpostHandover": func(o Order, _ Directory) handover.Command {
		return handover.SignpostHandover{Line: o.Line, Handover: o.Handover, ToLine: o.To, Reason: handoverv1.SignpostReason(o.Code)}
	},
	"CallEmergency": func(o Order, _ Directory) handover.Command {
		return handover.CallEmergency{Line: o.Line, Handover: o.Handover, Participant: o.Person, Service: handoverv1.EmergencyService(o.Code)}
	},
	"ConfirmEmergency": func(o Order, _ Directory) handover.Command {
		return handover.ConfirmEmergency{Line: o.Line, Handover: o.Handover, Participant: o.Person}
	},
}

var ofTickets = map[string]builder{
	"IssueTicket": func(o Order, _ Directory) handover.Command {
		return handover.IssueTicket{
			Line: o.Line, ToLine: o.To, Channel: handoverv1.Channel(o.Code), Lifetime: o.At, Draw: 1,
			LinkHash: secret(o.Ticket, 'l'), DigitsHash: secret(o.Ticket, 'd'), RequestID: secret(o.Ticket, 'r')[16:],
		}
	},
	"ClaimTicket": func(o Order, _ Directory) handover.Command {
		if o.Code == 0 {
			return handover.ClaimTicket{Line: o.Line, LinkHash: secret(o.Ticket, 'l')}
		}
		return handover.ClaimTicket{Line: o.Line, DigitsHash: secret(o.Ticket, 'd')}
	},
	"AnswerLeg": func(o Order, _ Directory) handover.Command {
		return handover.AnswerLeg{Line: o.Line, Participant: o.Person}
	},
}
