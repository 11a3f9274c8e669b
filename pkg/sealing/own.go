package sealing

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
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
var ErrForeignKey = errors.New("the log has a key of this line that is not its own; if the line has lost it, or never had it, " +
	"revoke it with: stafett keys publish --start-over")

// Publish publishes the line's signing key and its newest sealing key, unless the log has them. A sealing
// key that is a day old is replaced first, and one whose time is over destroyed, as are the content keys of
// conversations that are over for the line. Errors: ErrForeignKey.
func (s *System) Publish(ctx context.Context) error {
	if err := s.rotate(); err != nil {
		return err
	}
	listed, err := s.ownKeys(ctx)
	if err != nil {
		return err
	}
	for _, key := range []*seal.PublicKey{s.own().Signing(), s.own().Sealing()} {
		if entryOf(listed, key.ID) == nil {
			if err := s.publish(ctx, key); err != nil {
				return err
			}
		}
	}
	if err := s.retireOld(ctx, listed); err != nil {
		return err
	}
	return s.forget(ctx)
}

func (s *System) publish(ctx context.Context, key *seal.PublicKey) error {
	answer, err := client.Send(ctx, s.platform.Keys.PublishLineKey, &routingv1.PublishLineKeyRequest{Line: s.name(), Key: key.Statement})
	s.Saw(answer.GetRecorded().GetPosition())
	return err
}

// retireOld destroys the sealing keys to which nobody may seal any more. What was granted to them was
// opened when it came.
func (s *System) retireOld(ctx context.Context, listed []*routingv1.PublishedKey) error {
	for _, entry := range listed {
		key, err := seal.VerifyKey(entry.Key, s.own().Domain(), s.own().ID(), s.own().Signing())
		if err != nil || key.Use != sealv1.KeyUse_KEY_USE_SEALING || entry.Retired || s.now().Before(key.NotAfter.AsTime()) {
			continue
		}
		if err := s.Retire(ctx, key.ID); err != nil {
			return err
		}
	}
	return nil
}

// Retire destroys a sealing key that has a successor, and records that. Nothing that was sealed to it opens
// any more.
func (s *System) Retire(ctx context.Context, id []byte) error {
	if err := s.destroy(id); err != nil {
		return err
	}
	answer, err := client.Send(ctx, s.platform.Keys.RetireLineKey, &routingv1.RetireLineKeyRequest{Line: s.name(), Key: id})
	s.Saw(answer.GetRecorded().GetPosition())
	return err
}

// destroy forgets a sealing key, here and in the file, unless that has been done.
func (s *System) destroy(id []byte) error {
	if !s.own().Holds(id) {
		return nil
	}
	return s.edit(func(keys *seal.Line) (*seal.Line, error) {
		if !keys.Holds(id) {
			return keys, nil // another program was faster
		}
		return keys, keys.Retire(id)
	})
}

func entryOf(listed []*routingv1.PublishedKey, id []byte) *routingv1.PublishedKey {
	for _, entry := range listed {
		if bytes.Equal(entry.Id, id) {
			return entry
		}
	}
	return nil
}

func (s *System) name() string { return handover.LineName(s.own().ID()) }

// ownKeys lists the line's keys in the log. It refuses to go on while one of them is not the line's.
// Errors: ErrForeignKey.
func (s *System) ownKeys(ctx context.Context) ([]*routingv1.PublishedKey, error) {
	listed, err := s.list(ctx, s.own().ID())
	if err == nil && len(s.foreign(listed)) > 0 {
		err = ErrForeignKey
	}
	return listed, err
}

// rotate makes a new sealing key once the newest one is a day old.
func (s *System) rotate() error {
	if !s.dayOld(s.own()) {
		return nil
	}
	return s.edit(func(keys *seal.Line) (*seal.Line, error) {
		if !s.dayOld(keys) {
			return keys, nil // another program was faster
		}
		return keys, keys.Rotate(s.now().Add(-early))
	})
}

func (s *System) dayOld(keys *seal.Line) bool {
	return !s.now().Before(keys.Sealing().NotBefore.AsTime().Add(rotateAfter))
}

// Rotate makes and publishes a new sealing key at once, whatever the age of the newest one.
func (s *System) Rotate(ctx context.Context) error {
	err := s.edit(func(keys *seal.Line) (*seal.Line, error) { return keys, keys.Rotate(s.now().Add(-early)) })
	if err != nil {
		return err
	}
	return s.Publish(ctx)
}

// StartOver revokes every key of the line that it does not hold, and publishes its own: for a line that
// has lost its keys, or whose name was used by somebody else. If its own signing key was revoked, it makes
// new keys.
func (s *System) StartOver(ctx context.Context, reason handoverv1.KeyRevocation) error {
	listed, err := s.list(ctx, s.own().ID())
	if err != nil {
		return err
	}
	if own := entryOf(listed, s.own().Signing().ID); own != nil && own.Revocation != handoverv1.KeyRevocation_KEY_REVOCATION_UNSPECIFIED {
		if err := s.renew(); err != nil {
			return err
		}
	}
	for _, key := range s.foreign(listed) {
		answer, err := client.Send(ctx, s.platform.Keys.RevokeLineKey, &routingv1.RevokeLineKeyRequest{Line: s.name(), Key: key.Id, Reason: reason})
		if err != nil {
			return err
		}
		s.Saw(answer.Recorded.Position)
	}
	return s.Publish(ctx)
}

func (s *System) renew() error {
	return s.edit(func(old *seal.Line) (*seal.Line, error) {
		return seal.NewLine(old.Domain(), old.ID(), s.now().Add(-early))
	})
}
