package order

import (
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

var ofConsent = map[string]builder{
	"ProposeHandover": func(o Order, _ Directory) handover.Command {
		return handover.ProposeHandover{Line: o.Line, Candidates: topic(o.To), Deadlines: deadlines(o.At)}
	},
	"DecideHop": func(o Order, _ Directory) handover.Command {
		return handover.DecideHop{Line: o.Line, Handover: o.Handover, Supervisor: o.Person, Approve: o.Code == 0}
	},
	"SealPacket": func(o Order, _ Directory) handover.Command {
		return handover.SealPacket{Line: o.Line, Handover: o.Handover, Part: handoverv1.Scope(o.Code), Commitment: commitment, SizeBucket: 256}
	},
	"AskConsent": func(o Order, _ Directory) handover.Command {
		return handover.AskConsent{Line: o.Line, Handover: o.Handover, Scopes: o.Scopes.List()}
	},
	"GiveConsent": func(o Order, _ Directory) handover.Command {
		return handover.GiveConsent{Line: o.Line, Handover: o.Handover, Scopes: o.Scopes.List()}
	},
	"RefuseConsent": func(o Order, _ Directory) handover.Command {
		return handover.RefuseConsent{Line: o.Line, Handover: o.Handover}
	},
	"WithdrawConsent": func(o Order, _ Directory) handover.Command {
		return handover.WithdrawConsent{Line: o.Line, Handover: o.Handover}
	},
	"OverrideConsent": func(o Order, _ Directory) handover.Command {
		return handover.OverrideConsent{
			Line: o.Line, Handover: o.Handover, Code: handoverv1.OverrideCode(o.Code),
			Participant: o.Person, SecondPerson: o.Second, Scopes: o.Scopes.List(),
		}
	},
}

// deadlines returns deadlines for a line, all as short or as long as they may be.
func deadlines(each time.Duration) *handoverv1.LineDeadlines {
	if each == 0 {
		return nil
	}
	d := durationpb.New(each)
	return &handoverv1.LineDeadlines{Consent: d, Join: d, Briefing: d, Bridge: d, Confirm: d, Overlap: d, Slow: durationpb.New(30 * each)}
}

var ofOffers = map[string]builder{
	"AcknowledgeOffer": func(o Order, _ Directory) handover.Command {
		return handover.AcknowledgeOffer{Line: o.Line, Handover: o.Handover, Offer: o.Offer, State: handoverv1.OfferState(o.Code)}
	},
	"AcceptOffer": func(o Order, _ Directory) handover.Command {
		return handover.AcceptOffer{Line: o.Line, Handover: o.Handover, Offer: o.Offer}
	},
	"DeclineOffer": func(o Order, d Directory) handover.Command {
		return handover.DeclineOffer{Line: o.Line, Handover: o.Handover, Offer: o.Offer, Code: handoverv1.DeclineCode(o.Code), Skip: d.Skip}
	},
	"ConfirmCancel": func(o Order, _ Directory) handover.Command {
		return handover.ConfirmCancel{Line: o.Line, Handover: o.Handover, Offer: o.Offer}
	},
	"OpenPacket": func(o Order, _ Directory) handover.Command {
		return handover.OpenPacket{Line: o.Line, Handover: o.Handover}
	},
}

var ofBridges = map[string]builder{
	"JoinHandover": func(o Order, _ Directory) handover.Command {
		return handover.JoinHandover{Line: o.Line, Handover: o.Handover, Participant: o.Person}
	},
	"StartBriefing": func(o Order, _ Directory) handover.Command {
		return handover.StartBriefing{Line: o.Line, Handover: o.Handover}
	},
	"OpenBridge": func(o Order, _ Directory) handover.Command {
		return handover.OpenBridge{Line: o.Line, Handover: o.Handover, Participant: o.Person, Exception: handoverv1.BridgeException(o.Code)}
	},
	"ConfirmHandover": func(o Order, _ Directory) handover.Command {
		return handover.ConfirmHandover{Line: o.Line, Handover: o.Handover, Participant: o.Person}
	},
	"AgreeToHandover": func(o Order, _ Directory) handover.Command {
		return handover.AgreeToHandover{Line: o.Line, Handover: o.Handover}
	},
	"AttestAgreement": func(o Order, _ Directory) handover.Command {
		return handover.AttestAgreement{Line: o.Line, Handover: o.Handover, Reason: handoverv1.AttestReason(o.Code)}
	},
	"LeaveHandover": func(o Order, _ Directory) handover.Command {
		return handover.LeaveHandover{Line: o.Line, Handover: o.Handover}
	},
	"ReportOutcome": func(o Order, _ Directory) handover.Command {
		return handover.ReportOutcome{Line: o.Line, Handover: o.Handover, Outcome: handoverv1.Outcome(o.Code)}
	},
}
