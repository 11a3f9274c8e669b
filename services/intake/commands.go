package intake

import (
	"context"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/internal/rpc"
)

type recorded = handoverv1.Recorded

// JoinConversation records that a participant has joined.
func (s *Service) JoinConversation(ctx context.Context, r *intakev1.JoinConversationRequest) (*intakev1.JoinConversationResponse, error) {
	return rpc.Answer[intakev1.JoinConversationResponse](s.do(ctx, r.Conversation, r, func(line string, _ handover.ResourceName) handover.Command {
		return handover.JoinConversation{Line: line, Participant: r.Participant, Role: r.Role}
	}))
}

// LeaveConversation records that a participant left on purpose.
func (s *Service) LeaveConversation(ctx context.Context, r *intakev1.LeaveConversationRequest) (*intakev1.LeaveConversationResponse, error) {
	return rpc.Answer[intakev1.LeaveConversationResponse](s.do(ctx, r.Conversation, r, func(line string, _ handover.ResourceName) handover.Command {
		return handover.LeaveConversation{Line: line, Participant: r.Participant}
	}))
}

// DisconnectParticipant records that a participant's connection was lost.
func (s *Service) DisconnectParticipant(ctx context.Context, r *intakev1.DisconnectParticipantRequest) (*intakev1.DisconnectParticipantResponse, error) {
	return rpc.Answer[intakev1.DisconnectParticipantResponse](s.do(ctx, r.Conversation, r, func(line string, _ handover.ResourceName) handover.Command {
		return handover.DisconnectParticipant{Line: line, Participant: r.Participant}
	}))
}

// AskConsent records that the child was asked.
func (s *Service) AskConsent(ctx context.Context, r *intakev1.AskConsentRequest) (*intakev1.AskConsentResponse, error) {
	return rpc.Answer[intakev1.AskConsentResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.AskConsent{Line: line, Handover: at.Handover, Scopes: r.Scopes}
	}))
}

// GiveConsent records that the child said yes.
func (s *Service) GiveConsent(ctx context.Context, r *intakev1.GiveConsentRequest) (*intakev1.GiveConsentResponse, error) {
	return rpc.Answer[intakev1.GiveConsentResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.GiveConsent{Line: line, Handover: at.Handover, Scopes: r.Scopes}
	}))
}

// RefuseConsent records that the child said no.
func (s *Service) RefuseConsent(ctx context.Context, r *intakev1.RefuseConsentRequest) (*intakev1.RefuseConsentResponse, error) {
	return rpc.Answer[intakev1.RefuseConsentResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.RefuseConsent{Line: line, Handover: at.Handover}
	}))
}

// WithdrawConsent records that the child withdrew its consent.
func (s *Service) WithdrawConsent(ctx context.Context, r *intakev1.WithdrawConsentRequest) (*intakev1.WithdrawConsentResponse, error) {
	return rpc.Answer[intakev1.WithdrawConsentResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.WithdrawConsent{Line: line, Handover: at.Handover}
	}))
}

// OverrideConsent proceeds without the child's consent.
func (s *Service) OverrideConsent(ctx context.Context, r *intakev1.OverrideConsentRequest) (*intakev1.OverrideConsentResponse, error) {
	return rpc.Answer[intakev1.OverrideConsentResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.OverrideConsent{
			Line: line, Handover: at.Handover, Code: r.Code,
			Participant: r.Participant, SecondPerson: r.SecondPerson, Scopes: r.Scopes,
		}
	}))
}

// AgreeToHandover records that the child agrees to the sender leaving.
func (s *Service) AgreeToHandover(ctx context.Context, r *intakev1.AgreeToHandoverRequest) (*intakev1.AgreeToHandoverResponse, error) {
	return rpc.Answer[intakev1.AgreeToHandoverResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.AgreeToHandover{Line: line, Handover: at.Handover}
	}))
}

// CloseConversation ends the conversation and the custody of the calling line.
func (s *Service) CloseConversation(ctx context.Context, r *intakev1.CloseConversationRequest) (*intakev1.CloseConversationResponse, error) {
	return rpc.Answer[intakev1.CloseConversationResponse](s.do(ctx, r.Conversation, r, func(line string, _ handover.ResourceName) handover.Command {
		return handover.CloseConversation{Line: line, Reason: r.Reason}
	}))
}
