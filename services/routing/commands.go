package routing

import (
	"context"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/rpc"
)

type recorded = handoverv1.Recorded

// do executes a command on the conversation that a resource name belongs to.
func (s *Service) do(ctx context.Context, name string, request rpc.Command, make func(line string, at handover.ResourceName) handover.Command) (*recorded, error) {
	return rpc.Do(ctx, s.conversations, name, request, make)
}

// ProposeHandover begins a handover.
func (s *Service) ProposeHandover(ctx context.Context, r *routingv1.ProposeHandoverRequest) (*routingv1.ProposeHandoverResponse, error) {
	candidates, err := s.candidates(r.Candidates)
	if err != nil {
		return nil, err
	}
	own, err := s.lineState(rpc.Caller(ctx).ID)
	if err != nil {
		return nil, err
	}
	return rpc.Answer[routingv1.ProposeHandoverResponse](s.do(ctx, r.Conversation, r, func(line string, _ handover.ResourceName) handover.Command {
		return handover.ProposeHandover{Line: line, Candidates: candidates, Deadlines: own.Line.GetDeadlines()}
	}))
}

// candidates returns the ids of the named lines, each once; all must be in the directory.
func (s *Service) candidates(names []string) (ids []string, err error) {
	err = s.model.View(func(tx *bbolt.Tx) error {
		for _, name := range names {
			id := strings.TrimPrefix(name, "lines/")
			if slices.Contains(ids, id) {
				return refusal.Field("candidates", id+" is named twice; name each line once")
			}
			if _, err := lines.Get(tx, id); err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	return ids, err
}

// CancelHandover calls a handover off.
func (s *Service) CancelHandover(ctx context.Context, r *routingv1.CancelHandoverRequest) (*routingv1.CancelHandoverResponse, error) {
	return rpc.Answer[routingv1.CancelHandoverResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.CancelHandover{Line: line, Handover: at.Handover, Reason: r.Reason}
	}))
}

// AcknowledgeOffer records how far an offer has been delivered.
func (s *Service) AcknowledgeOffer(ctx context.Context, r *routingv1.AcknowledgeOfferRequest) (*routingv1.AcknowledgeOfferResponse, error) {
	return rpc.Answer[routingv1.AcknowledgeOfferResponse](s.do(ctx, r.Offer, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.AcknowledgeOffer{Line: line, Handover: at.Handover, Offer: at.Offer, State: r.State}
	}))
}

// AcceptOffer accepts an offer.
func (s *Service) AcceptOffer(ctx context.Context, r *routingv1.AcceptOfferRequest) (*routingv1.AcceptOfferResponse, error) {
	return rpc.Answer[routingv1.AcceptOfferResponse](s.do(ctx, r.Offer, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.AcceptOffer{Line: line, Handover: at.Handover, Offer: at.Offer}
	}))
}

// DeclineOffer declines an offer.
func (s *Service) DeclineOffer(ctx context.Context, r *routingv1.DeclineOfferRequest) (*routingv1.DeclineOfferResponse, error) {
	at, err := rpc.Place(r.Offer)
	if err != nil {
		return nil, err
	}
	call, err := rpc.Call(ctx, at.Conversation, r)
	if err != nil {
		return nil, err
	}
	return rpc.Answer[routingv1.DeclineOfferResponse](s.conversations.DoEach(ctx, call, func() (handover.Command, error) {
		all, err := s.directoryFor(at.Conversation)
		return handover.DeclineOffer{
			Line: rpc.Caller(ctx).ID, Handover: at.Handover, Offer: at.Offer, Code: r.Code, Skip: skip(all, s.deps.Clock.Now()),
		}, err
	}))
}

// JoinHandover brings the receiver's counsellor into the conversation.
func (s *Service) JoinHandover(ctx context.Context, r *routingv1.JoinHandoverRequest) (*routingv1.JoinHandoverResponse, error) {
	return rpc.Answer[routingv1.JoinHandoverResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.JoinHandover{Line: line, Handover: at.Handover, Participant: r.Participant}
	}))
}

// StartBriefing lets the counsellors talk privately.
func (s *Service) StartBriefing(ctx context.Context, r *routingv1.StartBriefingRequest) (*routingv1.StartBriefingResponse, error) {
	return rpc.Answer[routingv1.StartBriefingResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.StartBriefing{Line: line, Handover: at.Handover}
	}))
}

// OpenBridge brings both counsellors and the child together.
func (s *Service) OpenBridge(ctx context.Context, r *routingv1.OpenBridgeRequest) (*routingv1.OpenBridgeResponse, error) {
	return rpc.Answer[routingv1.OpenBridgeResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.OpenBridge{Line: line, Handover: at.Handover, Participant: r.Participant, Exception: r.Exception}
	}))
}

// ConfirmHandover is the receiver's "I have it".
func (s *Service) ConfirmHandover(ctx context.Context, r *routingv1.ConfirmHandoverRequest) (*routingv1.ConfirmHandoverResponse, error) {
	return rpc.Answer[routingv1.ConfirmHandoverResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.ConfirmHandover{Line: line, Handover: at.Handover, Participant: r.Participant}
	}))
}

// AttestAgreement records why the child was not asked.
func (s *Service) AttestAgreement(ctx context.Context, r *routingv1.AttestAgreementRequest) (*routingv1.AttestAgreementResponse, error) {
	return rpc.Answer[routingv1.AttestAgreementResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.AttestAgreement{Line: line, Handover: at.Handover, Reason: r.Reason}
	}))
}

// LeaveHandover records that the sender leaves.
func (s *Service) LeaveHandover(ctx context.Context, r *routingv1.LeaveHandoverRequest) (*routingv1.LeaveHandoverResponse, error) {
	return rpc.Answer[routingv1.LeaveHandoverResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.LeaveHandover{Line: line, Handover: at.Handover}
	}))
}

// ReportOutcome records the outcome of a handover.
func (s *Service) ReportOutcome(ctx context.Context, r *routingv1.ReportOutcomeRequest) (*routingv1.ReportOutcomeResponse, error) {
	return rpc.Answer[routingv1.ReportOutcomeResponse](s.do(ctx, r.Handover, r, func(line string, at handover.ResourceName) handover.Command {
		return handover.ReportOutcome{Line: line, Handover: at.Handover, Outcome: r.Outcome}
	}))
}
