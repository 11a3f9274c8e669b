package play

import (
	"context"

	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

// ofHandover builds the requests of verbs about a handover.
var ofHandover = map[story.Verb]func(*player, *story.Step) call{
	story.Propose: func(p *player, s *story.Step) call {
		return send(p.at(s).Routing.ProposeHandover, &routingv1.ProposeHandoverRequest{RequestId: p.requestID(s),
			Conversation: p.played.Conversation, Candidates: lineNames(s.Lines)})
	},
	"cancel handover": func(p *player, s *story.Step) call {
		return send(p.at(s).Routing.CancelHandover, &routingv1.CancelHandoverRequest{
			RequestId: p.requestID(s), Handover: p.handover, Reason: s.Cancel,
		})
	},
	story.Seal: func(p *player, s *story.Step) call {
		return send(p.at(s).Intake.SealPacket, &intakev1.SealPacketRequest{
			RequestId: p.requestID(s), Handover: p.handover, Part: s.Part, Sealed: p.sealedText(s),
		})
	},
	"ask consent": func(p *player, s *story.Step) call {
		return send(p.at(s).Intake.AskConsent, &intakev1.AskConsentRequest{
			RequestId: p.requestID(s), Handover: p.handover, Scopes: s.Scopes,
		})
	},
	"give consent": func(p *player, s *story.Step) call {
		return send(p.at(s).Intake.GiveConsent, &intakev1.GiveConsentRequest{
			RequestId: p.requestID(s), Handover: p.handover, Scopes: s.Scopes,
		})
	},
	"refuse consent": func(p *player, s *story.Step) call {
		return send(p.at(s).Intake.RefuseConsent, &intakev1.RefuseConsentRequest{
			RequestId: p.requestID(s), Handover: p.handover,
		})
	},
	"withdraw consent": func(p *player, s *story.Step) call {
		return send(p.at(s).Intake.WithdrawConsent, &intakev1.WithdrawConsentRequest{
			RequestId: p.requestID(s), Handover: p.handover,
		})
	},
	"agree to handover": func(p *player, s *story.Step) call {
		return send(p.at(s).Intake.AgreeToHandover, &intakev1.AgreeToHandoverRequest{
			RequestId: p.requestID(s), Handover: p.handover,
		})
	},
	story.Unseal: func(p *player, s *story.Step) call {
		request := &intakev1.OpenPacketRequest{
			RequestId: p.requestID(s), Handover: p.handover,
		}
		return func(ctx context.Context) (*recorded, error) {
			response, err := p.at(s).Intake.OpenPacket(ctx, request)
			p.packet = response.GetParts()
			return response.GetRecorded(), err
		}
	},
	"join handover": func(p *player, s *story.Step) call {
		return send(p.at(s).Routing.JoinHandover, &routingv1.JoinHandoverRequest{
			RequestId: p.requestID(s), Handover: p.handover, Participant: s.Who.Name,
		})
	},
	"start briefing": func(p *player, s *story.Step) call {
		return send(p.at(s).Routing.StartBriefing, &routingv1.StartBriefingRequest{
			RequestId: p.requestID(s), Handover: p.handover,
		})
	},
	"open bridge": func(p *player, s *story.Step) call {
		return send(p.at(s).Routing.OpenBridge, &routingv1.OpenBridgeRequest{
			RequestId: p.requestID(s), Handover: p.handover, Participant: s.Who.Name, Exception: s.Exception,
		})
	},
	"confirm handover": func(p *player, s *story.Step) call {
		return send(p.at(s).Routing.ConfirmHandover, &routingv1.ConfirmHandoverRequest{
			RequestId: p.requestID(s), Handover: p.handover, Participant: s.Who.Name,
		})
	},
	"attest agreement": func(p *player, s *story.Step) call {
		return send(p.at(s).Routing.AttestAgreement, &routingv1.AttestAgreementRequest{
			RequestId: p.requestID(s), Handover: p.handover, Reason: s.Attest,
		})
	},
	"leave handover": func(p *player, s *story.Step) call {
		return send(p.at(s).Routing.LeaveHandover, &routingv1.LeaveHandoverRequest{
			RequestId: p.requestID(s), Handover: p.handover,
		})
	},
	"report outcome": func(p *player, s *story.Step) call {
		return send(p.at(s).Routing.ReportOutcome, &routingv1.ReportOutcomeRequest{
			RequestId: p.requestID(s), Handover: p.handover, Outcome: s.Outcome,
		})
	},
}

// ofOffer builds the requests of verbs about an offer.
var ofOffer = map[story.Verb]func(p *player, s *story.Step, offer string) call{
	"acknowledge offer": func(p *player, s *story.Step, offer string) call {
		return send(p.at(s).Routing.AcknowledgeOffer, &routingv1.AcknowledgeOfferRequest{
			RequestId: p.requestID(s), Offer: offer, State: s.As,
		})
	},
	"confirm cancel": func(p *player, s *story.Step, offer string) call {
		return send(p.at(s).Routing.ConfirmCancel, &routingv1.ConfirmCancelRequest{
			RequestId: p.requestID(s), Offer: offer,
		})
	},
	story.Accept: func(p *player, s *story.Step, offer string) call {
		return send(p.at(s).Routing.AcceptOffer, &routingv1.AcceptOfferRequest{
			RequestId: p.requestID(s), Offer: offer,
		})
	},
	"decline offer": func(p *player, s *story.Step, offer string) call {
		return send(p.at(s).Routing.DeclineOffer, &routingv1.DeclineOfferRequest{
			RequestId: p.requestID(s), Offer: offer, Code: s.Decline,
		})
	},
}
