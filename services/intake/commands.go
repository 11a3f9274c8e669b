package intake

import (
	"context"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
)

type recorded = handoverv1.Recorded

// JoinConversation records that somebody is there.
func (s *Service) JoinConversation(ctx context.Context, r *intakev1.JoinConversationRequest) (*recorded, error) {
	return s.do(ctx, r.Conversation, r, func(line string, _ handover.Place) handover.Command {
		return handover.JoinConversation{Line: line, Participant: r.Participant, Role: r.Role}
	})
}

// LeaveConversation records that somebody left on purpose.
func (s *Service) LeaveConversation(ctx context.Context, r *intakev1.LeaveConversationRequest) (*recorded, error) {
	return s.do(ctx, r.Conversation, r, func(line string, _ handover.Place) handover.Command {
		return handover.LeaveConversation{Line: line, Participant: r.Participant}
	})
}

// DisconnectParticipant records that somebody's connection was lost.
func (s *Service) DisconnectParticipant(ctx context.Context, r *intakev1.DisconnectParticipantRequest) (*recorded, error) {
	return s.do(ctx, r.Conversation, r, func(line string, _ handover.Place) handover.Command {
		return handover.DisconnectParticipant{Line: line, Participant: r.Participant}
	})
}

// AskConsent records that the child was asked.
func (s *Service) AskConsent(ctx context.Context, r *intakev1.AskConsentRequest) (*recorded, error) {
	return s.do(ctx, r.Handover, r, func(line string, at handover.Place) handover.Command {
		return handover.AskConsent{Line: line, Handover: at.Handover, Scopes: r.Scopes}
	})
}

// GiveConsent records that the child said yes.
func (s *Service) GiveConsent(ctx context.Context, r *intakev1.GiveConsentRequest) (*recorded, error) {
	return s.do(ctx, r.Handover, r, func(line string, at handover.Place) handover.Command {
		return handover.GiveConsent{Line: line, Handover: at.Handover, Scopes: r.Scopes}
	})
}

// RefuseConsent records that the child said no.
func (s *Service) RefuseConsent(ctx context.Context, r *intakev1.RefuseConsentRequest) (*recorded, error) {
	return s.do(ctx, r.Handover, r, func(line string, at handover.Place) handover.Command {
		return handover.RefuseConsent{Line: line, Handover: at.Handover}
	})
}

// WithdrawConsent records that the child took its yes back.
func (s *Service) WithdrawConsent(ctx context.Context, r *intakev1.WithdrawConsentRequest) (*recorded, error) {
	return s.do(ctx, r.Handover, r, func(line string, at handover.Place) handover.Command {
		return handover.WithdrawConsent{Line: line, Handover: at.Handover}
	})
}

// OverrideConsent goes on without the child's consent.
func (s *Service) OverrideConsent(ctx context.Context, r *intakev1.OverrideConsentRequest) (*recorded, error) {
	return s.do(ctx, r.Handover, r, func(line string, at handover.Place) handover.Command {
		return handover.OverrideConsent{
			Line: line, Handover: at.Handover, Code: r.Code,
			Participant: r.Participant, SecondPerson: r.SecondPerson, Scopes: r.Scopes,
		}
	})
}

// AgreeToHandover records that it is all right with the child that the sender
// leaves.
func (s *Service) AgreeToHandover(ctx context.Context, r *intakev1.AgreeToHandoverRequest) (*recorded, error) {
	return s.do(ctx, r.Handover, r, func(line string, at handover.Place) handover.Command {
		return handover.AgreeToHandover{Line: line, Handover: at.Handover}
	})
}

// CloseConversation ends the conversation and the custody of the calling line.
func (s *Service) CloseConversation(ctx context.Context, r *intakev1.CloseConversationRequest) (*recorded, error) {
	return s.do(ctx, r.Conversation, r, func(line string, _ handover.Place) handover.Command {
		return handover.CloseConversation{Line: line, Reason: r.Reason}
	})
}
