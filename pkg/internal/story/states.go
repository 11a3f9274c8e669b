package story

import (
	"maps"
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// RefusalOf is the reason with which a command is refused to a line that it is
// not for; empty for the line that may give it as well.
func RefusalOf(s *Story, c decide.Command, line string) string {
	switch side := SideOf(c); {
	case side == handover.AskedLine:
		return "OFFER_NOT_FOUND"
	case CommandName(c) == "GrantAccess" && line == Emergency:
		return ""
	case CommandName(c) == "OpenPacket":
		return "PACKET_CLOSED"
	case !handover.PartiesOf(s.State).Included(line):
		return "CONVERSATION_NOT_YOURS"
	default:
		return lacks[side]
	}
}

// SideOf is who may give a command.
func SideOf(c decide.Command) handover.Side { return command.DefinitionFor(c).Side }

// lacks is what a party is told that is not on the side which a command is for.
var lacks = map[handover.Side]string{
	handover.WithChild: "CUSTODY_NOT_YOURS", handover.Custodian: "CUSTODY_NOT_YOURS", handover.Party: "CUSTODY_NOT_YOURS",
	handover.LegHolder: "LEG_NOT_YOURS", handover.FormerLegHolder: "LEG_NOT_YOURS",
	handover.Sender: "NOT_THE_SENDER", handover.Receiver: "NOT_THE_RECEIVER",
}

// Everything is one of each command, by the line that may give it.
func Everything() []decide.Command {
	return append(First.Commands(),
		Comes(Bullying, "per"), Leaves(Bullying, "kim"), DropsOut(Bullying, "kim"), Writes(Bullying, "kim", All),
		Closes(Bullying), First.Propose(), Risk(Bullying, handoverv1.RiskLevel_RISK_LEVEL_R1),
		command.TagConversation{Line: Bullying, Add: []string{"V"}, Recommend: Recommend(nil)},
		command.RecordDuty{Line: Bullying, Decision: handoverv1.DutyDecision_DUTY_DECISION_REPORTED},
		CallsHelp(Bullying, "kim"), HelpCame(Bullying, "kim"), Mistaken(Bullying, "kim", "chief"), Searches(Bullying, "kim"),
		deadline.Advance{Rank: Plan()}, Issue(Bullying, Bullying), Claim(Bullying), Answer(Bullying, "kim"),
	)
}

// waits is a state of the protocol: who acts next and which commands may come.
// It is the protocol read once more, not the package's own table.
type waits struct{ next, Allowed string }

var States = map[string]waits{
	"PROPOSED":         {"SENDER", "AskConsent, CancelHandover, DecideHop, DeferHandover, OverrideConsent, RefuseConsent, SealPacket, SignpostHandover"},
	"CONSENT_ASKED":    {"CHILD", "CancelHandover, DeferHandover, GiveConsent, OverrideConsent, RefuseConsent, SealPacket, SignpostHandover"},
	"ROUTING":          {"PLATFORM", "CancelHandover, DeferHandover, SignpostHandover, WithdrawConsent"},
	"OFFERED":          {"RECEIVER", "AcceptOffer, AcknowledgeOffer, CancelHandover, DeclineOffer, DeferHandover, SignpostHandover, WithdrawConsent"},
	"ACCEPTED":         {"RECEIVER", "CancelHandover, DecideHandover, DeclineOffer, GrantAccess, JoinHandover, OpenBridge, OpenPacket, StartBriefing, WithdrawConsent"},
	"BRIEFING":         {"SENDER", "CancelHandover, DecideHandover, DeclineOffer, GrantAccess, OpenBridge, OpenPacket, WithdrawConsent"},
	"BRIDGED":          {"RECEIVER", "CancelHandover, ConfirmHandover, DecideHandover, DeclineOffer, GrantAccess, OpenPacket, WithdrawConsent"},
	"CONFIRMING":       {"CHILD", "AgreeToHandover, AttestAgreement, CancelHandover, GrantAccess, OpenPacket, WithdrawConsent"},
	"TRANSFERRED":      {"SENDER", "AskToStay, GrantAccess, LeaveHandover, OpenPacket, TakeBack, WithdrawConsent"},
	"AWAITING_OUTCOME": {"RECEIVER", "GrantAccess, OpenPacket, ReportOutcome, WithdrawConsent"},
	"CLOSED":           {"NOBODY", "GrantAccess, ReportOutcome"},
	"RETURNED":         {"SENDER", "DecideHandover"},
	"CANCELLED":        {"RECEIVER", "ConfirmCancel"},
	"CANCEL_CONFIRMED": {"NOBODY", "nothing, it has ended"},
	"ABANDONED":        {"NOBODY", "nothing, it has ended"},
	"DEFERRED":         {"SENDER", "CancelHandover, DecideHandover"},
	"REVERSED":         {"NOBODY", "nothing, it has ended"},
	"SIGNPOSTED":       {"NOBODY", "nothing, it has ended"},
}

// Over says that another handover may begin.
func Over(state string) bool { return StateOf(state) >= StateOf("TRANSFERRED") }

// Never says that it ended before a line accepted.
func Never(state string) bool { return state == "DEFERRED" || state == "SIGNPOSTED" }

func (w waits) Allow(command string) bool {
	return slices.Contains(strings.Split(w.Allowed, ", "), command)
}

// Early says that no line has accepted yet.
func Early(state string) bool { return StateOf(state) < StateOf("ACCEPTED") }

// Tells expects that a refusal says where the handover stands and what may be
// done instead.
func (s *Story) Tells(r *refusal.Error, w waits, state, command string) {
	s.t.Helper()
	want := map[string]string{
		"handover": handover.HandoverName(handover.ConversationName(Conversation), 1),
		"state":    state, "command": command, "allowed": w.Allowed, "next_actor": w.next,
	}
	if !maps.Equal(r.Metadata, want) {
		s.t.Errorf("%s says %v, want %v", command, r.Metadata, want)
	}
	for name, value := range want {
		if !strings.Contains(r.Message, value) {
			s.t.Errorf("%s: the message %q lacks %s", command, r.Message, name)
		}
	}
}
