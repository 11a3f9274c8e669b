package sealing

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/seal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// Part is a part of a packet. Text is empty while the sender has not granted its key.
type Part struct {
	Scope handoverv1.Scope
	Text  string
}

// Accepted tells the system that this line has accepted an offer. It opens nothing of any other: a platform
// that has keys granted to a line that declined gains nothing.
func (s *System) Accepted(offer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accepted[offer] = true
}

func (s *System) hasAccepted(offer string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.accepted[offer]
}

// Open opens the packet of a handover that this line accepted. The opening is recorded before anything
// can be read. Call it again while a part is not granted yet.
func (s *System) Open(ctx context.Context, handover string) ([]Part, error) {
	packet, err := client.Send(ctx, s.platform.Intake.OpenPacket, &intakev1.OpenPacketRequest{Handover: handover})
	if err != nil {
		return nil, err
	}
	return s.Parts(ctx, handover, packet)
}

// Parts opens what OpenPacket answered. Errors: ErrAltered, seal.ErrGrant, seal.ErrKey, seal.ErrOpen.
func (s *System) Parts(ctx context.Context, handover string, packet *intakev1.OpenPacketResponse) (parts []Part, err error) {
	s.Saw(packet.Recorded.GetPosition())
	c, h, err := s.find(ctx, handover)
	if err != nil {
		return nil, err
	}
	for _, sealed := range packet.Parts {
		part := Part{Scope: sealed.Part}
		if !committed(h, sealed) {
			return nil, altered("the part %s is not the one that the log has", sealed.Part)
		}
		if sealed.Grant != nil {
			if part.Text, err = s.openPart(ctx, c, h, sealed); err != nil {
				return nil, err
			}
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// committed reports whether the log has committed to a part.
func committed(h *routingv1.Handover, sealed *intakev1.SealedPart) bool {
	part := &handoverv1.PacketPart{Part: sealed.Part, Commitment: seal.Commitment(sealed.Salt, sealed.Sealed)}
	return slices.ContainsFunc(h.PacketParts, func(p *handoverv1.PacketPart) bool { return same(p, part) })
}

func same(a, b *handoverv1.PacketPart) bool {
	return a.Part == b.Part && bytes.Equal(a.Commitment, b.Commitment)
}

func (s *System) openPart(ctx context.Context, c *intakev1.Conversation, h *routingv1.Handover, sealed *intakev1.SealedPart) (string, error) {
	at := s.place(h.Name, senders(c, h), sealv1.Kind_KIND_PACKET_PART)
	at.Item = item(sealed.Part)
	key, err := s.take(ctx, h, sealed.Grant, at, h.FromLine)
	if err != nil {
		return "", err
	}
	text, err := key.Open(at, sealed.Sealed)
	return string(text), err
}

// take opens a grant of the key of a place, which must be from a line, and keeps the key.
func (s *System) take(ctx context.Context, h *routingv1.Handover, grant *sealv1.Grant, at seal.Place, giver string) (seal.ContentKey, error) {
	named := &sealv1.GrantTerms{}
	if err := proto.Unmarshal(grant.GetTerms(), named); err != nil {
		return seal.ContentKey{}, seal.ErrGrant
	}
	if idOf(h.ToLine) == s.own().ID() && !s.hasAccepted(acceptedOffer(h)) {
		return seal.ContentKey{}, fmt.Errorf("%w: this line has not accepted %s", seal.ErrGrant, acceptedOffer(h))
	}
	signing, err := s.signingKey(ctx, idOf(giver), named.GiverKey)
	if err != nil {
		return seal.ContentKey{}, err
	}
	key, err := s.own().OpenGrant(grant, terms(h, at.Kind, partOf(at), at.Epoch), signing)
	if err == nil {
		s.hold(heldKey{key, at, acceptedOffer(h), true})
	}
	return key, err
}
