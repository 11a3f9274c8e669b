package intake

import (
	"context"
	"errors"

	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/intake/internal/vault"
	"github.com/stafett/stafett/services/internal/rpc"
)

// SendMessage relays a sealed message.
func (s *Service) SendMessage(ctx context.Context, r *intakev1.SendMessageRequest) (*intakev1.SendMessageResponse, error) {
	return rpc.Answer[intakev1.SendMessageResponse](s.seal(ctx, r))
}

// SealPacket stores one part of the packet.
func (s *Service) SealPacket(ctx context.Context, r *intakev1.SealPacketRequest) (*intakev1.SealPacketResponse, error) {
	return rpc.Answer[intakev1.SealPacketResponse](s.seal(ctx, r))
}

// sealing is a command with a sealed blob.
type sealing interface {
	rpc.Command
	GetSealed() []byte
}

// seal puts a blob into the vault, then records that it is there. The same request makes the
// same commitment, so a repeated request finds its own blob; a refused one leaves none behind.
func (s *Service) seal(ctx context.Context, r sealing) (*handoverv1.Recorded, error) {
	var stored command.Origin
	recorded, err := s.commands.DoWith(ctx, r, func(o *command.Origin) error {
		nonce := rpc.Caller(ctx).URI + "\x00" + r.GetRequestId()
		commitment, err := s.vault.Put(o.At.Conversation, nonce, r.GetSealed(), s.deps.Clock.Now())
		o.Sealed = command.Sealed{Commitment: commitment, SizeBucket: vault.Bucket(len(r.GetSealed()))}
		stored = *o
		return err
	})
	if refusedForGood(err) {
		return nil, errors.Join(err, s.vault.Delete(stored.At.Conversation, stored.Sealed.Commitment))
	}
	return recorded, err
}

// refusedForGood reports whether a refused command's blob can be deleted. If the request id
// was used before, the blob may be the recorded one; if the command was contended, the caller
// will try again.
func refusedForGood(err error) bool {
	switch refusal.ReasonOf(err) {
	case handoverv1.RefusalReason_REFUSAL_REASON_UNSPECIFIED,
		handoverv1.RefusalReason_REFUSAL_REASON_REQUEST_ID_REUSED,
		handoverv1.RefusalReason_REFUSAL_REASON_CONTENDED:
		return false
	}
	return true
}

// OpenPacket gives the accepting line the parts that consent covers, after recording that it
// did. A repeated request gets the same answer, but the parts only while the line may still
// open them.
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
	open, err := command.PacketFor(state, name.Handover, rpc.Caller(ctx).ID)
	if err != nil {
		return nil, err
	}
	parts, err := s.parts(name.Conversation, open)
	return &intakev1.OpenPacketResponse{Recorded: answer, Parts: parts}, err
}

func (s *Service) parts(conversation string, open []*handoverv1.PacketPart) ([]*intakev1.SealedPart, error) {
	var parts []*intakev1.SealedPart
	for _, part := range open {
		blob, err := s.vault.Get(conversation, part.Commitment)
		if errors.Is(err, vault.ErrNotFound) {
			continue // erased
		}
		if err != nil {
			return nil, err
		}
		parts = append(parts, &intakev1.SealedPart{Part: part.Part, Sealed: blob.Sealed, Salt: blob.Salt})
	}
	return parts, nil
}
