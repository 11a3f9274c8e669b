package play

import (
	"context"

	"google.golang.org/grpc"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

type recorded = handoverv1.Recorded

// answer is the response to a command.
type answer interface{ GetRecorded() *recorded }

// send binds an RPC to its request.
func send[R any, A answer](rpc func(context.Context, R, ...grpc.CallOption) (A, error), request R) call {
	return func(ctx context.Context) (*recorded, error) {
		response, err := rpc(ctx, request)
		return response.GetRecorded(), err
	}
}

// at returns the system of the line of whoever acts in a step; for the child, that of the
// line that holds its leg.
func (p *player) at(s *story.Step) *client.Platform {
	if s.Who.Role == story.Child && p.leg != "" {
		return p.lines[p.leg]
	}
	return p.lines[s.Who.Line]
}

// ofConversation builds the requests of verbs about a conversation.
var ofConversation = map[story.Verb]func(*player, *story.Step) call{
	story.Open: func(p *player, s *story.Step) call {
		return send(p.at(s).Intake.OpenConversation, &intakev1.OpenConversationRequest{RequestId: p.requestID(s),
			Channel: s.Who.Channel, LanguageCode: s.Who.Language, AgeBand: s.Who.Ages, Area: s.Who.Area, Child: s.Who.Name, Door: s.Who.Door})
	},
	"join": func(p *player, s *story.Step) call {
		return send(p.at(s).Intake.JoinConversation, &intakev1.JoinConversationRequest{RequestId: p.requestID(s),
			Conversation: p.played.Conversation, Participant: s.Who.Name, Role: roles[s.Who.Role]})
	},
	"leave": func(p *player, s *story.Step) call {
		return send(p.at(s).Intake.LeaveConversation, &intakev1.LeaveConversationRequest{RequestId: p.requestID(s),
			Conversation: p.played.Conversation, Participant: s.Who.Name})
	},
	"disconnect": func(p *player, s *story.Step) call {
		return send(p.at(s).Intake.DisconnectParticipant, &intakev1.DisconnectParticipantRequest{RequestId: p.requestID(s),
			Conversation: p.played.Conversation, Participant: s.Who.Name})
	},
	story.Say: func(p *player, s *story.Step) call {
		return send(p.at(s).Intake.SendMessage, &intakev1.SendMessageRequest{RequestId: p.requestID(s),
			Conversation: p.played.Conversation, Participant: s.Who.Name, Audience: s.Audience, Sealed: p.sealedText(s)})
	},
	"close": func(p *player, s *story.Step) call {
		return send(p.at(s).Intake.CloseConversation, &intakev1.CloseConversationRequest{RequestId: p.requestID(s),
			Conversation: p.played.Conversation, Reason: s.Close})
	},
	"tag": func(p *player, s *story.Step) call {
		return send(p.at(s).Triage.TagConversation, &triagev1.TagConversationRequest{RequestId: p.requestID(s),
			Conversation: p.played.Conversation, Add: s.Add, Remove: s.Remove})
	},
	"assess risk": func(p *player, s *story.Step) call {
		return send(p.at(s).Triage.AssessRisk, &triagev1.AssessRiskRequest{RequestId: p.requestID(s),
			Conversation: p.played.Conversation, Level: s.Risk})
	},
	"record duty": func(p *player, s *story.Step) call {
		return send(p.at(s).Triage.RecordDuty, &triagev1.RecordDutyRequest{RequestId: p.requestID(s),
			Conversation: p.played.Conversation, Decision: s.Duty})
	},
}

var roles = map[story.Role]handoverv1.Role{
	story.Child:      handoverv1.Role_ROLE_CHILD,
	story.Counsellor: handoverv1.Role_ROLE_COUNSELLOR,
}

func lineNames(ids []string) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = handover.LineName(id)
	}
	return names
}
