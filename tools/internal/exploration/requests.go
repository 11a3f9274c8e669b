package exploration

import (
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/tools/internal/simulation/order"
)

// besides are commands that would multiply the states, although none changes the course of
// a handover: what the child is described by, what is sealed, said and tagged, help, advice,
// and the child's leg.
var besides = definitions(
	&intakev1.OpenConversationRequest{}, &intakev1.CorrectConversationRequest{},
	&intakev1.SendMessageRequest{}, &intakev1.SealPacketRequest{}, &intakev1.OpenPacketRequest{},
	&triagev1.TagConversationRequest{}, &triagev1.RecordDutyRequest{},
	&routingv1.CallEmergencyRequest{}, &routingv1.ConfirmEmergencyRequest{}, &routingv1.EndEmergencyRequest{},
	&routingv1.DecideDisappearanceRequest{},
	&routingv1.AskConsultationRequest{}, &routingv1.AcknowledgeConsultationRequest{}, &routingv1.AcceptConsultationRequest{},
	&routingv1.DeclineConsultationRequest{}, &routingv1.BriefConsultationRequest{}, &routingv1.AnswerConsultationRequest{}, &routingv1.WithdrawConsultationRequest{},
	&routingv1.IssueTicketRequest{}, &routingv1.ClaimTicketRequest{}, &routingv1.AnswerLegRequest{},
)

// moving are the commands with which each person comes and goes.
var moving = definitions(
	&intakev1.JoinConversationRequest{}, &intakev1.DisconnectParticipantRequest{}, &intakev1.LeaveConversationRequest{},
)

// tried are the commands that parties give in every state.
var tried = slices.DeleteFunc(slices.Clone(order.Commands), func(d *command.Definition) bool {
	return slices.Contains(besides, d) || slices.Contains(moving, d)
})

// variants are requests that lead to different states, or that are the only ones of their
// command to be accepted. All others are sent with the first code that their rules allow.
var variants = []proto.Message{
	&triagev1.AssessRiskRequest{Level: handoverv1.RiskLevel_RISK_LEVEL_R4},
	&routingv1.DecideHopRequest{Approve: true},
	&routingv1.DecideHopRequest{},
	&routingv1.TakeBackRequest{Reason: handoverv1.ReverseReason_REVERSE_REASON_RECEIVER_LOST},
	&routingv1.TakeBackRequest{Reason: handoverv1.ReverseReason_REVERSE_REASON_CHILD_ASKED},
	&routingv1.DecideHandoverRequest{Decision: handoverv1.SenderDecision_SENDER_DECISION_STAY},
	&routingv1.DecideHandoverRequest{Decision: handoverv1.SenderDecision_SENDER_DECISION_CONTINUE},
	&routingv1.DeferHandoverRequest{Reason: handoverv1.DeferReason_DEFER_REASON_CHILD_PREFERS},
	&routingv1.SignpostHandoverRequest{Reason: handoverv1.SignpostReason_SIGNPOST_REASON_CHILD_PREFERS},
	&routingv1.OpenBridgeRequest{},
	&routingv1.OpenBridgeRequest{Exception: handoverv1.BridgeException_BRIDGE_EXCEPTION_CHILD_UNREACHABLE},
	&routingv1.AttestAgreementRequest{Reason: handoverv1.AttestReason_ATTEST_REASON_CHILD_SILENT},
	&routingv1.AttestAgreementRequest{Reason: handoverv1.AttestReason_ATTEST_REASON_CHILD_UNREACHABLE},
	&routingv1.ReportOutcomeRequest{Outcome: handoverv1.Outcome_OUTCOME_ONGOING},
}

func definitions(requests ...proto.Message) []*command.Definition {
	all := make([]*command.Definition, len(requests))
	for i, request := range requests {
		all[i] = command.DefinitionOf(request)
	}
	return all
}

// withoutSender are the orders with which each receiver opens the bridge without the sender.
var withoutSender = func() map[string]order.Order {
	all := map[string]order.Order{}
	for _, line := range lines {
		all[line] = order.Of(line, &routingv1.OpenBridgeRequest{Participant: line + "1", Exception: handover.SenderLost})
	}
	return all
}()

func isProposal(d *command.Definition) bool { return d == proposal }

var proposal = command.DefinitionOf(&routingv1.ProposeHandoverRequest{})

// requests are what each line may send, by command.
var requests = func() map[*command.Definition]map[string][]proto.Message {
	all := map[*command.Definition]map[string][]proto.Message{}
	for _, d := range tried {
		all[d] = map[string][]proto.Message{"": sent(d, "")}
		for _, line := range lines {
			all[d][line] = sent(d, line)
		}
	}
	return all
}()

func sent(d *command.Definition, line string) (all []proto.Message) {
	for _, variant := range variants {
		if command.DefinitionOf(variant) == d {
			all = append(all, filled(d, line, variant))
		}
	}
	if len(all) == 0 {
		all = append(all, order.Fill(d, plain(line)))
	}
	return all
}

// filled is a variant with its other fields as plain chooses them.
func filled(d *command.Definition, line string, variant proto.Message) proto.Message {
	request := order.Fill(d, plain(line))
	m := request.ProtoReflect()
	for i := range m.Descriptor().Fields().Len() {
		if field := m.Descriptor().Fields().Get(i); field.Enum() != nil && !field.IsList() || field.Kind() == protoreflect.BoolKind {
			m.Set(field, variant.ProtoReflect().Get(field))
		}
	}
	return request
}

// comesAndGoes has the orders of each person at each line.
var comesAndGoes = func() map[string]map[string][]order.Order {
	all := map[string]map[string][]order.Order{}
	for _, line := range lines {
		all[line] = map[string][]order.Order{
			child:      moves(line, child, handoverv1.Role_ROLE_CHILD),
			line + "1": moves(line, line+"1", handoverv1.Role_ROLE_COUNSELLOR),
		}
	}
	return all
}()

func moves(line, person string, role handoverv1.Role) []order.Order {
	return []order.Order{
		order.Of(line, &intakev1.JoinConversationRequest{Participant: person, Role: role}),
		order.Of(line, &intakev1.DisconnectParticipantRequest{Participant: person}),
		order.Of(line, &intakev1.LeaveConversationRequest{Participant: person}),
	}
}

// plain chooses, for a line, its counsellor or its supervisor, and always the same values.
type plain string

func (p plain) Person(as protoreflect.Name) string {
	switch as {
	case "participant":
		return string(p) + "1"
	case "heard_by": // the child writes
		return ""
	}
	return string(p) + "9"
}

func (plain) Line() string                                                      { return "c" }
func (plain) Flag() bool                                                        { return true }
func (plain) Code(allowed []protoreflect.EnumNumber) protoreflect.EnumNumber    { return allowed[0] }
func (plain) Codes(allowed []protoreflect.EnumNumber) []protoreflect.EnumNumber { return allowed[:1] }
func (plain) Lines() []string                                                   { return nil }
func (plain) Topics() []string                                                  { return nil }
func (plain) Duration() time.Duration                                           { return 0 }

// Instant is soon after now, and an end an hour later.
func (plain) Instant(as protoreflect.Name) time.Time {
	if as == "end_time" {
		return order.Epoch.Add(time.Hour)
	}
	return order.Epoch.Add(2 * time.Minute)
}
