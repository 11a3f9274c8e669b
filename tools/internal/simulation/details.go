package simulation

import (
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

type detail = func(*drawer, *order.Order, *handoverv1.Handover)

// details fill in the arguments of each command beyond the speaker and the handover.
var details = map[string]detail{
	"OpenConversation":      func(d *drawer, o *order.Order, _ *handoverv1.Handover) { *o = d.opening() },
	"JoinConversation":      (*drawer).joins,
	"LeaveConversation":     (*drawer).somebody,
	"DisconnectParticipant": (*drawer).somebody,
	"SendMessage":           (*drawer).writes,
	"CloseConversation":     coded(1, 3),
	"RecordDuty": func(d *drawer, o *order.Order, _ *handoverv1.Handover) {
		o.Line, o.Code = Lines[d.random.IntN(len(Lines))], 1+d.random.Int32N(5)
	},
	"AssessRisk": coded(int32(handoverv1.RiskLevel_RISK_LEVEL_R0), 6),
	"TagConversation": func(d *drawer, o *order.Order, _ *handoverv1.Handover) {
		topics := []string{"V.bullying", "MH", "FR", "V.physical", ""}
		o.To, o.Second = topics[d.random.IntN(5)], topics[d.random.IntN(5)]
	},
	"ProposeHandover": func(d *drawer, o *order.Order, _ *handoverv1.Handover) {
		if d.one(5) {
			o.To = d.elsewhere(o)
		}
		if d.one(5) {
			o.At = 60*time.Second + d.span(60*time.Second)
		}
	},
	"DecideHop": func(d *drawer, o *order.Order, _ *handoverv1.Handover) {
		o.Person = counsellor(o.Line, 2)
		if d.one(5) {
			o.Code = 1
		}
	},
	"SealPacket":  coded(int32(handoverv1.Scope_SCOPE_CODES), 4),
	"AskConsent":  asks,
	"GiveConsent": gives,
	"OverrideConsent": func(d *drawer, o *order.Order, h *handoverv1.Handover) {
		asks(d, o, h)
		if !d.one(9) {
			o.Scopes &^= order.ScopesOf(handoverv1.Scope_SCOPE_TRANSCRIPT)
		}
		o.Person, o.Second, o.Code = d.here(o.Line), counsellor(o.Line, 2), 1+d.random.Int32N(3)
		if d.one(9) {
			o.Second = o.Person
		}
	},
	"AcknowledgeOffer": coded(int32(handoverv1.OfferState_OFFER_STATE_DELIVERED), 2),
	"DeclineOffer":     coded(1, 11),
	"CancelHandover":   coded(1, 3),
	"DecideHandover":   coded(1, 2),
	"AttestAgreement":  attests,
	"ReportOutcome":    coded(1, 9),
}

func init() {
	for command, detail := range moreDetails {
		details[command] = detail
	}
}

// coded draws one of n codes, starting at first.
func coded(first, n int32) detail {
	return func(d *drawer, o *order.Order, _ *handoverv1.Handover) { o.Code = first + d.random.Int32N(n) }
}

// asks usually requests the introduction alone, and sometimes more scopes.
func asks(d *drawer, o *order.Order, _ *handoverv1.Handover) {
	o.Scopes = order.Scopes(d.random.Uint32()) &^ 1
	if !d.one(15) {
		o.Scopes |= order.ScopesOf(handoverv1.Scope_SCOPE_INTRO)
	}
}

// gives grants what was asked, or less, or something else.
func gives(d *drawer, o *order.Order, h *handoverv1.Handover) {
	asks(d, o, h)
	if !d.one(15) {
		o.Scopes &= order.ScopesOf(h.GetConsent().GetAsked()...)
	}
}

// attests why the child is not asked, as the bridge recorded it.
func attests(d *drawer, o *order.Order, h *handoverv1.Handover) {
	o.Code = 1 + d.random.Int32N(3)
	if h.GetBridgeException() != 0 || d.one(12) {
		o.Code = int32(handoverv1.AttestReason_ATTEST_REASON_CHILD_UNREACHABLE)
	}
}
