package exploration

import (
	"time"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

// lines of the world. The child comes in at the first.
var lines = []string{"a", "b", "c"}

const child = "child"

// intro is all that consent is asked for: what else may cross changes no state.
var intro = order.ScopesOf(handoverv1.Scope_SCOPE_INTRO)

// alphabet is every command that may be given in a state, with at most so many
// handovers.
func alphabet(c *handoverv1.Conversation, handovers int) []order.Order {
	all := people(c)
	custodian := c.Custody.Line
	all = append(all,
		order.Order{Command: "CloseConversation", Line: custodian, Code: int32(handoverv1.CloseReason_CLOSE_REASON_FINISHED)},
		order.Order{Command: "AssessRisk", Line: custodian, Code: int32(handoverv1.RiskLevel_RISK_LEVEL_R4)})
	if len(c.Handovers) < handovers {
		all = append(all, order.Order{Command: "ProposeHandover", Line: custodian})
	}
	if h := handover.Current(c); h != nil {
		all = append(all, ofHandover(c, h, uint32(len(c.Handovers)))...)
	}
	for i, h := range c.Handovers {
		all = append(all, ofOffers(h, uint32(i+1))...)
	}
	return all
}

// people come, lose the connection and leave.
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

// ofHandover is what sender, receiver and child may say of a handover, now or
// ever: what its state does not allow is refused.
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

// spoken is an order that the sender gives.
type spoken struct{ order.Order }

// by lets the line's counsellor speak, and its supervisor where one is needed.
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

// ofOffers is what the lines say that were asked.
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

// said are the answers to an offer that is open, and the one to an end of it.
func said(o *handoverv1.Offer) []order.Order {
	if !handover.OpenOffer(o) {
		return []order.Order{{Command: "ConfirmCancel"}}
	}
	return []order.Order{
		{Command: "AcceptOffer"},
		{Command: "DeclineOffer", Code: int32(handoverv1.DeclineCode_DECLINE_CODE_NO_CAPACITY)},
		{Command: "AcknowledgeOffer", Code: int32(handoverv1.OfferState_OFFER_STATE_DELIVERED)},
	}
}
