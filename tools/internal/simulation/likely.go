package simulation

import (
	"math/rand/v2"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// likely weights commands by name.
type likely []struct {
	command string
	weight  int
}

func (l likely) draw(random *rand.Rand) string {
	total := 0
	for _, c := range l {
		total += c.weight
	}
	n := random.IntN(total)
	for _, c := range l {
		if n -= c.weight; n < 0 {
			return c.command
		}
	}
	return ""
}

// onward are the commands that people give in each state of a handover: mostly those that
// advance it.
var onward = map[handoverv1.HandoverState]likely{
	handoverv1.HandoverState_HANDOVER_STATE_PROPOSED: {
		{"AskConsent", 60}, {"SealPacket", 20}, {"OverrideConsent", 7}, {"DeferHandover", 2}, {"SignpostHandover", 2},
		{"CallEmergency", 2}, {"CancelHandover", 2}, {"RefuseConsent", 1},
	},
	handoverv1.HandoverState_HANDOVER_STATE_CONSENT_ASKED: {
		{"GiveConsent", 80}, {"RefuseConsent", 4}, {"OverrideConsent", 4}, {"SealPacket", 6}, {"DeferHandover", 1},
		{"SignpostHandover", 1}, {"CallEmergency", 1}, {"CancelHandover", 1},
	},
	handoverv1.HandoverState_HANDOVER_STATE_ROUTING: {
		{"AssessRisk", 4}, {"WithdrawConsent", 1}, {"CancelHandover", 1}, {"DeferHandover", 1}, {"SignpostHandover", 1}, {"CallEmergency", 1},
	},
	handoverv1.HandoverState_HANDOVER_STATE_OFFERED: {
		{"AcknowledgeOffer", 25}, {"AcceptOffer", 55}, {"DeclineOffer", 10}, {"AssessRisk", 3}, {"WithdrawConsent", 1},
		{"CancelHandover", 2}, {"DeferHandover", 1}, {"SignpostHandover", 1}, {"CallEmergency", 1},
	},
	handoverv1.HandoverState_HANDOVER_STATE_ACCEPTED: {
		{"JoinHandover", 5}, {"OpenBridge", 60}, {"StartBriefing", 12}, {"OpenPacket", 12}, {"WithdrawConsent", 1},
		{"CancelHandover", 2}, {"CallEmergency", 1}, {"DecideHandover", 1},
	},
	handoverv1.HandoverState_HANDOVER_STATE_BRIEFING: {
		{"OpenBridge", 60}, {"SendMessage", 10}, {"OpenPacket", 5}, {"CancelHandover", 1}, {"CallEmergency", 1}, {"DecideHandover", 1},
	},
	handoverv1.HandoverState_HANDOVER_STATE_BRIDGED: {
		{"ConfirmHandover", 70}, {"SendMessage", 20}, {"OpenPacket", 5}, {"WithdrawConsent", 1}, {"CancelHandover", 1},
		{"CallEmergency", 1}, {"DecideHandover", 1},
	},
	handoverv1.HandoverState_HANDOVER_STATE_CONFIRMING: {
		{"AgreeToHandover", 60}, {"AttestAgreement", 25}, {"SendMessage", 12}, {"WithdrawConsent", 1}, {"CancelHandover", 1}, {"CallEmergency", 1},
	},
	handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED: {
		{"LeaveHandover", 50}, {"SendMessage", 5}, {"WithdrawConsent", 2}, {"OpenPacket", 4}, {"IssueTicket", 3}, {"LeaveConversation", 3},
		{"DisconnectParticipant", 10},
	},
	handoverv1.HandoverState_HANDOVER_STATE_AWAITING_OUTCOME: {
		{"ReportOutcome", 70}, {"IssueTicket", 6}, {"SendMessage", 5}, {"CloseConversation", 5}, {"WithdrawConsent", 2}, {"OpenPacket", 2}, {"ProposeHandover", 2},
	},
	handoverv1.HandoverState_HANDOVER_STATE_CANCELLED: {{"ConfirmCancel", 60}, {"ProposeHandover", 40}},
	handoverv1.HandoverState_HANDOVER_STATE_DEFERRED: {
		{"ProposeHandover", 40}, {"DecideHandover", 20}, {"CancelHandover", 15}, {"CloseConversation", 5},
	},
	handoverv1.HandoverState_HANDOVER_STATE_SIGNPOSTED: {{"IssueTicket", 50}, {"ClaimTicket", 30}, {"CloseConversation", 20}, {"ProposeHandover", 10}},
	handoverv1.HandoverState_HANDOVER_STATE_EMERGENCY:  {{"ConfirmEmergency", 70}, {"ReportOutcome", 2}, {"CloseConversation", 3}},
	handoverv1.HandoverState_HANDOVER_STATE_RETURNED:   {{"ProposeHandover", 50}, {"DecideHandover", 20}, {"CloseConversation", 10}},
	handoverv1.HandoverState_HANDOVER_STATE_CLOSED:     {{"ProposeHandover", 45}, {"CloseConversation", 40}, {"IssueTicket", 5}},
}

var between = likely{{"ProposeHandover", 130}, {"CloseConversation", 12}, {"IssueTicket", 5}, {"TagConversation", 15}, {"AssessRisk", 15}}

// afterwards are the commands that still arrive after the conversation has closed.
var afterwards = likely{{"ReportOutcome", 30}, {"ConfirmCancel", 20}, {"OpenPacket", 10}, {"RecordDuty", 20}, {"SendMessage", 5}, {"ProposeHandover", 5}}

// beside are the commands that may arrive at any time.
var beside = likely{
	{"DisconnectParticipant", 20}, {"JoinConversation", 30}, {"LeaveConversation", 8}, {"SendMessage", 8}, {"RecordDuty", 5},
	{"TagConversation", 6}, {"AssessRisk", 6}, {"IssueTicket", 4}, {"ClaimTicket", 6}, {"AnswerLeg", 6}, {"ConfirmCancel", 2},
	{"WithdrawConsent", 1}, {"DecideHandover", 2}, {"OpenPacket", 2},
}
