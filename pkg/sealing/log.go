package sealing

import (
	"context"
	"fmt"
	"slices"

	"google.golang.org/grpc"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// Saw tells the system of a position in the log that the line has learned otherwise than by Read, such as
// that of an answer, so that what it looks up afterwards is at least as new.
func (s *System) Saw(position uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.position = max(s.position, position)
}

func (s *System) seen() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.position
}

// look reads a conversation, not older than what was seen.
func (s *System) look(ctx context.Context, conversation string) (*intakev1.Conversation, error) {
	return ask(ctx, s.platform.Intake.GetConversation, &intakev1.GetConversationRequest{Name: conversation, MinPosition: s.seen()})
}

// ask repeats a read while the platform is unavailable, until the context ends.
func ask[Q, A any](ctx context.Context, call func(context.Context, Q, ...grpc.CallOption) (A, error), request Q) (answer A, err error) {
	err = client.Retry(ctx, func(ctx context.Context) (err error) {
		answer, err = call(ctx, request)
		return err
	})
	return answer, err
}

// find returns a handover that this line gave or took, with its conversation.
func (s *System) find(ctx context.Context, of string) (*intakev1.Conversation, *routingv1.Handover, error) {
	c, err := s.look(ctx, conversationOf(of))
	if err != nil {
		return nil, nil, err
	}
	at := slices.IndexFunc(c.Handovers, func(h *routingv1.Handover) bool { return h.Name == of })
	if at < 0 {
		return nil, nil, fmt.Errorf("this line has no part in %s up to position %d; call Saw with the position of the answer that named it", of, s.seen())
	}
	return c, c.Handovers[at], nil
}

// terms are what the log demands of a grant for a handover. Domain, keys and lines are filled in by
// package seal.
func terms(h *routingv1.Handover, kind sealv1.Kind, part handoverv1.Scope, epoch uint32) *sealv1.GrantTerms {
	return &sealv1.GrantTerms{
		Conversation: conversationOf(h.Name), Handover: h.Name, Offer: acceptedOffer(h), ConsentPosition: h.Consent.GetPosition(),
		Kind: kind, Part: part, Epoch: epoch,
	}
}

// acceptedOffer is the name of the offer that the receiver of a handover accepted, or "".
func acceptedOffer(h *routingv1.Handover) string {
	for _, offer := range h.Offers {
		if offer.State == handoverv1.OfferState_OFFER_STATE_ACCEPTED && offer.Line == h.ToLine {
			return offer.Name
		}
	}
	return ""
}

// transferred reports whether a handover has moved custody.
func transferred(h *routingv1.Handover) bool {
	return h.State >= handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED && h.State <= handoverv1.HandoverState_HANDOVER_STATE_CLOSED
}

// together reports whether both counsellors can write to each other.
func together(h *routingv1.Handover) bool {
	return h.State >= handoverv1.HandoverState_HANDOVER_STATE_BRIEFING && h.State <= handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED
}

// open reports whether a line has accepted a handover that has not ended.
func open(h *routingv1.Handover) bool {
	return h.State >= handoverv1.HandoverState_HANDOVER_STATE_ACCEPTED && h.State <= handoverv1.HandoverState_HANDOVER_STATE_CLOSED
}

// is reports whether a line is this one.
func (s *System) is(line string) bool { return handover.LineID(line) == s.own().ID() }
