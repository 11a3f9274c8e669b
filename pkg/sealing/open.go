package sealing

import (
	"context"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
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

// Accepting says that this line accepts an offer. Call it before AcceptOffer is sent. It opens nothing of any other
// offer: a platform that has keys granted to a line that declined gains nothing.
func (s *System) Accepting(offer string) error {
	conversation := conversationOf(offer)
	held, err := s.of(conversation)
	if err != nil || slices.Contains(held.Accepted, offer) {
		return err
	}
	return s.keep(conversation, func(c *seal.Contents) { c.Accepted = append(c.Accepted, offer) })
}

func (s *System) hasAccepted(offer string) (bool, error) {
	held, err := s.of(conversationOf(offer))
	return err == nil && slices.Contains(held.Accepted, offer), err
}

// Open opens the packet of a handover that this line accepted. The opening is recorded before anything
// can be read. Call it again while a part is not granted yet.
func (s *System) Open(ctx context.Context, of string) ([]Part, error) {
	packet, err := client.Send(ctx, s.platform.Intake.OpenPacket, &intakev1.OpenPacketRequest{Handover: of})
	if err != nil {
		return nil, err
	}
	return s.Parts(ctx, of, packet)
}

// Parts opens what OpenPacket answered. Errors: ErrAltered, ErrUnproved, seal.ErrGrant, seal.ErrKey, seal.ErrOpen.
func (s *System) Parts(ctx context.Context, of string, packet *intakev1.OpenPacketResponse) (parts []Part, err error) {
	s.Saw(packet.Recorded.GetPosition())
	_, h, err := s.find(ctx, of)
	if err != nil {
		return nil, err
	}
	for _, sealed := range packet.Parts {
		part := Part{Scope: sealed.Part}
		if !committed(h, sealed) {
			return nil, altered("the part %s is not the one that the log has", sealed.Part)
		}
		if sealed.Grant != nil {
			if part.Text, err = s.openPart(ctx, h, sealed); err != nil {
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
	return slices.ContainsFunc(h.PacketParts, func(p *handoverv1.PacketPart) bool { return handover.SamePart(p, part) })
}

func (s *System) openPart(ctx context.Context, h *routingv1.Handover, sealed *intakev1.SealedPart) (string, error) {
	at := s.place(h.Name, h.Epoch, sealv1.Kind_KIND_PACKET_PART)
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
	if err := s.entitled(h); err != nil {
		return seal.ContentKey{}, err
	}
	signing, err := s.signingKey(ctx, handover.LineID(giver), named.GiverKey)
	if err != nil {
		return seal.ContentKey{}, err
	}
	key, err := s.own().OpenGrant(grant, terms(h, at.Kind, partOf(at), at.Epoch), signing)
	if err != nil {
		return key, err
	}
	shared := &sealv1.KeyShared{Line: handover.LineID(giver), GiverKey: named.GiverKey}
	return key, s.hold(seal.Held{ContentKey: key, Place: at, Offer: acceptedOffer(h), Shared: []*sealv1.KeyShared{shared}})
}

// entitled refuses what was granted for an offer that this line was asked to take and did not.
func (s *System) entitled(h *routingv1.Handover) error {
	if !s.is(h.ToLine) {
		return nil
	}
	accepted, err := s.hasAccepted(acceptedOffer(h))
	if err == nil && !accepted {
		err = fmt.Errorf("%w: this line has not accepted %s", seal.ErrGrant, acceptedOffer(h))
	}
	return err
}

// hold keeps a key that was granted.
func (s *System) hold(key seal.Held) error {
	held, err := s.of(key.Place.Conversation)
	if err != nil || held.Key(key.ID()) != nil {
		return err
	}
	return s.keep(key.Place.Conversation, func(c *seal.Contents) {
		if c.Key(key.ID()) == nil {
			c.Keys = append(c.Keys, key)
		}
	})
}
