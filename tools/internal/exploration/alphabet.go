package exploration

import (
	"time"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

// lines of the world. The child arrives at the first.
var lines = []string{"a", "b", "c"}

const child = "child"

// intro is the only scope that consent is asked for: the other scopes do not affect the
// state.
var intro = order.ScopesOf(handoverv1.Scope_SCOPE_INTRO)

// alphabet returns every command that may be given in a state, for at most the given
// number of handovers.
func alphabet(c *handoverv1.Conversation, handovers int) []order.Order {
	all := people(c)
	custodian := c.Custody.Line
	all = append(all,
		order.Order{Command: "CloseConversation", Line: custodian, Code: int32(handoverv1.CloseReason_CLOSE_REASON_FINISHED)},
		order.Order{Command: "AssessRisk", Line: custodian, Code: int32(handoverv1.RiskLevel_RISK_LEVEL_R4)})
	if len(c.Handovers) < handovers {
		all = append(all, order.Order{Command: "ProposeHandover", Line: custodian})
	}
	if h := handover.Of(c).Current(); h.Exists() {
		all = append(all, ofHandover(c, h.Handover, uint32(len(c.Handovers)))...)
	}
	for i, h := range c.Handovers {
		all = append(all, ofOffers(h, uint32(i+1))...)
	}
	return all
}

// people returns the orders with which people join, disconnect and leave.
func people(c *handoverv1.Conversation) []order.Order {
	all := comesAndGoes(c.LegLine, child, handoverv1.Role_ROLE_CHILD)
	for _, line := range lines {
		all = append(all, comesAndGoes(line, line+"1", handoverv1.Role_ROLE_COUNSELLOR)...)
	}
	return all
}

func comesAndGoes(line, person string, role handoverv1.Role) []order.Order {
	return []order.Order{
		{Command: "JoinConversation", Line: line, Person: person, Code: int32(role)},
		{Command: "DisconnectParticipant", Line: line, Person: person},
		{Command: "LeaveConversation", Line: line, Person: person},
	}
}

// ofHandover returns the orders of sender, receiver and child that concern a handover,
// regardless of its state: the decider refuses those that the state does not allow.
func ofHandover(c *handoverv1.Conversation, h *handoverv1.Handover, n uint32) []order.Order {
	var all []order.Order
	for _, o := range fromSender {
		o.Line, o.Handover = h.FromLine, n
		all = append(all, o.by(h.FromLine))
	}
	for _, command := range []string{"GiveConsent", "RefuseConsent", "WithdrawConsent", "AgreeToHandover"} {
		all = append(all, order.Order{Command: command, Line: c.LegLine, Handover: n, Scopes: intro})
	}
	for _, command := range []string{"JoinHandover", "ConfirmHandover", "ReportOutcome"} {
		o := order.Order{Command: command, Line: h.ToLine, Person: h.ToLine + "1", Handover: n}
		o.Code = int32(handoverv1.Outcome_OUTCOME_ONGOING)
		all = append(all, o)
	}
	return all
}

type spoken struct{ order.Order }

// by sets the speaker: the line's counsellor, and its supervisor where one is needed.
func (s spoken) by(line string) order.Order {
	s.Person = line + "1"
	if s.Command == "DecideHop" {
		s.Person = line + "9"
	}
	if s.Command == "OverrideConsent" {
		s.Second = line + "9"
	}
	return s.Order
}

var fromSender = []spoken{
	{order.Order{Command: "DecideHop"}},
	{order.Order{Command: "DecideHop", Code: 1}},
	{order.Order{Command: "AskConsent", Scopes: intro}},
	{order.Order{Command: "OverrideConsent", Scopes: intro, Code: int32(handoverv1.OverrideCode_OVERRIDE_CODE_DANGER_TO_LIFE)}},
	{order.Order{Command: "CancelHandover", Code: int32(handoverv1.CancelReason_CANCEL_REASON_NOT_NEEDED)}},
	{order.Order{Command: "DecideHandover", Code: int32(handoverv1.SenderDecision_SENDER_DECISION_STAY)}},
	{order.Order{Command: "DecideHandover", Code: int32(handoverv1.SenderDecision_SENDER_DECISION_CONTINUE)}},
	{order.Order{Command: "DeferHandover", To: "c", At: 2 * time.Minute, Code: int32(handoverv1.DeferReason_DEFER_REASON_CHILD_PREFERS)}},
	{order.Order{Command: "SignpostHandover", To: "c", Code: int32(handoverv1.SignpostReason_SIGNPOST_REASON_CHILD_PREFERS)}},
	{order.Order{Command: "CallEmergency", Code: int32(handoverv1.EmergencyService_EMERGENCY_SERVICE_POLICE)}},
	{order.Order{Command: "ConfirmEmergency"}},
	{order.Order{Command: "StartBriefing"}},
	{order.Order{Command: "OpenBridge"}},
	{order.Order{Command: "OpenBridge", Code: int32(handoverv1.BridgeException_BRIDGE_EXCEPTION_CHILD_UNREACHABLE)}},
	{order.Order{Command: "AttestAgreement", Code: int32(handoverv1.AttestReason_ATTEST_REASON_CHILD_SILENT)}},
	{order.Order{Command: "AttestAgreement", Code: int32(handoverv1.AttestReason_ATTEST_REASON_CHILD_UNREACHABLE)}},
	{order.Order{Command: "LeaveHandover"}},
}

// ofOffers returns the orders of the lines that were asked.
func ofOffers(h *handoverv1.Handover, n uint32) []order.Order {
	var all []order.Order
	for i, o := range h.Offers {
		about := order.Order{Line: o.Line, Handover: n, Offer: uint32(i + 1)}
		for _, said := range said(o) {
			said.Line, said.Handover, said.Offer = about.Line, about.Handover, about.Offer
			all = append(all, said)
		}
	}
	return all
}

// said returns the answers to an open offer, and the confirmation that it has ended.
func said(o *handoverv1.Offer) []order.Order {
	if !handover.OfferOpen(o.State) {
		return []order.Order{{Command: "ConfirmCancel"}}
	}
	return []order.Order{
		{Command: "AcceptOffer"},
		{Command: "DeclineOffer", Code: int32(handoverv1.DeclineCode_DECLINE_CODE_NO_CAPACITY)},
		{Command: "AcknowledgeOffer", Code: int32(handoverv1.OfferState_OFFER_STATE_DELIVERED)},
	}
}
