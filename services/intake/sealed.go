package intake

import (
	"context"
	"errors"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/pkg/seal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/intake/internal/vault"
	"github.com/stafett/stafett/services/internal/rpc"
)

// SendMessage relays a sealed message.
func (s *Service) SendMessage(ctx context.Context, r *intakev1.SendMessageRequest) (*intakev1.SendMessageResponse, error) {
	recorded, _, err := s.seal(ctx, r)
	return rpc.Answer[intakev1.SendMessageResponse](recorded, err)
}

// SealPacket stores one part of the packet.
func (s *Service) SealPacket(ctx context.Context, r *intakev1.SealPacketRequest) (*intakev1.SealPacketResponse, error) {
	recorded, commitment, err := s.seal(ctx, r)
	if err != nil {
		return nil, err
	}
	return &intakev1.SealPacketResponse{Recorded: recorded, Commitment: commitment}, nil
}

// sealing is a command with a sealed blob.
type sealing interface {
	rpc.Command
	GetSealed() []byte
}

// seal puts a blob into the vault, then records that it is there. The same request makes the
// same commitment, so a repeated request finds its own blob. A refused one stores nothing; one
// that is refused only after a rival was faster leaves its blob to the sweep.
func (s *Service) seal(ctx context.Context, r sealing) (recorded *handoverv1.Recorded, commitment []byte, err error) {
	recorded, err = s.commands.DoWith(ctx, r, func(o *decide.Origin) (store func() error, err error) {
		blob := s.vault.Seal(o.At.Conversation, rpc.Caller(ctx).URI+"\x00"+r.GetRequestId(), r.GetSealed())
		o.Sealed = decide.Sealed{Commitment: blob.Commitment, SizeBucket: uint32(seal.Bucket(r.GetSealed()))}
		commitment = blob.Commitment
		return func() error { return s.vault.Put(o.At.Conversation, blob, s.deps.Clock.Now()) }, nil
	})
	return recorded, commitment, err
}

// sealed refuses a request whose blob no line can have sealed.
func sealed(request rpc.Command) error {
	r, seals := request.(sealing)
	if !seals {
		return nil
	}
	if err := seal.Check(r.GetSealed()); err != nil {
		return refusal.NotSealed(err.Error()+"; seal it as docs/sealing.md says", "field", "sealed")
	}
	return nil
}

// OpenPacket gives the accepting line the parts that consent covers, after recording that it
// did. A repeated request gets the same answer, also after the handover, except for parts that
// were erased or that consent covers no more, and with the grants that came since.
func (s *Service) OpenPacket(ctx context.Context, r *intakev1.OpenPacketRequest) (*intakev1.OpenPacketResponse, error) {
	answer, err := s.commands.Do(ctx, r)
	if err != nil {
		return nil, err
	}
	name, err := rpc.ParseName(r.Handover)
	if err != nil {
		return nil, err
	}
	state, err := s.conversations.Newest(ctx, name.Conversation)
	if err != nil {
		return nil, err
	}
	parts, err := s.parts(name, state)
	return &intakev1.OpenPacketResponse{Recorded: answer, Parts: parts}, err
}

func (s *Service) parts(of handover.ResourceName, state *handover.State) (parts []*intakev1.SealedPart, err error) {
	h := handover.Of(state.Conversation).Handover(of.Handover)
	for _, part := range command.OpenedParts(state, of.Handover) {
		blob, err := s.vault.Get(of.Conversation, part.Commitment)
		if errors.Is(err, vault.ErrNotFound) {
			continue // erased
		}
		if err != nil {
			return nil, err
		}
		sealed := &intakev1.SealedPart{Part: part.Part, Sealed: blob.Sealed, Salt: blob.Salt}
		if granted := h.GrantOf(part.Part); granted != nil {
			if sealed.Grant, err = s.grant(of.Conversation, granted.Hash); err != nil {
				return nil, err
			}
		}
		parts = append(parts, sealed)
	}
	return parts, nil
}
