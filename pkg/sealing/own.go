package sealing

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/seal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// rotateAfter is how long a sealing key is the newest one.
const rotateAfter = 24 * time.Hour

// early is how long before now a new key may be used, because clocks differ.
const early = time.Minute

// ErrForeignKey: the log has a key in the line's name that the line does not hold. Somebody else published
// it, or the line has lost it. Nothing is granted until it is revoked.
var ErrForeignKey = errors.New("the log has a key of this line that is not its own")

// Publish publishes the line's signing key and its newest sealing key, unless the log has them. A sealing
// key that is a day old is replaced first. Errors: ErrForeignKey.
func (s *System) Publish(ctx context.Context) error {
	if err := s.rotate(); err != nil {
		return err
	}
	listed, err := s.list(ctx, s.line.ID())
	if err != nil {
		return err
	}
	if len(s.foreign(listed)) > 0 {
		return ErrForeignKey
	}
	for _, key := range []*seal.PublicKey{s.line.Signing(), s.line.Sealing()} {
		if slices.ContainsFunc(listed, func(p *routingv1.PublishedKey) bool { return bytes.Equal(p.Id, key.ID) }) {
			continue
		}
		answer, err := client.Send(ctx, s.platform.Keys.PublishLineKey, &routingv1.PublishLineKeyRequest{Line: "lines/" + s.line.ID(), Key: key.Statement})
		if err != nil {
			return err
		}
		s.Saw(answer.Recorded.Position)
	}
	return nil
}

// ownName refuses to go on while the log has a key in the line's name that the line does not hold.
func (s *System) ownName(ctx context.Context) error {
	listed, err := s.list(ctx, s.line.ID())
	if err == nil && len(s.foreign(listed)) > 0 {
		err = ErrForeignKey
	}
	return err
}

// rotate makes a new sealing key once the newest one is a day old. It is kept before anybody can seal to it.
func (s *System) rotate() error {
	if s.now().Before(s.line.Sealing().NotBefore.AsTime().Add(rotateAfter)) {
		return nil
	}
	if err := s.line.Rotate(s.now().Add(-early)); err != nil {
		return err
	}
	return s.save(s.line)
}

// StartOver revokes every key of the line that it does not hold, and publishes those that it holds: for a
// line that has lost its keys, or whose name was used by somebody else.
func (s *System) StartOver(ctx context.Context, reason handoverv1.KeyRevocation) error {
	listed, err := s.list(ctx, s.line.ID())
	if err != nil {
		return err
	}
	for _, key := range s.foreign(listed) {
		answer, err := client.Send(ctx, s.platform.Keys.RevokeLineKey, &routingv1.RevokeLineKeyRequest{Line: "lines/" + s.line.ID(), Key: key.Id, Reason: reason})
		if err != nil {
			return err
		}
		s.Saw(answer.Recorded.Position)
	}
	return s.Publish(ctx)
}

// foreign are the keys that were published in the line's name, that could be used, and that the line does
// not hold. A sealing key that its own signing key signed is one that it has destroyed since.
func (s *System) foreign(listed []*routingv1.PublishedKey) (all []*routingv1.PublishedKey) {
	for _, entry := range listed {
		own, err := seal.VerifyKey(entry.Key, s.line.Domain(), s.line.ID(), s.line.Signing())
		ours := err == nil && own.Use == sealv1.KeyUse_KEY_USE_SEALING || bytes.Equal(entry.Id, s.line.Signing().ID)
		if !ours && entry.Revocation == handoverv1.KeyRevocation_KEY_REVOCATION_UNSPECIFIED {
			all = append(all, entry)
		}
	}
	return all
}
