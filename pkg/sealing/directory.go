package sealing

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/seal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// published is a key of a line as the log shows it, verified by the line's own signing keys.
type published struct {
	*seal.PublicKey
	entry *routingv1.PublishedKey
}

// counts reports whether the key was neither revoked nor retired.
func (p published) counts() bool {
	return !p.entry.Retired && p.entry.Revocation == handoverv1.KeyRevocation_KEY_REVOCATION_UNSPECIFIED
}

// sealingKey returns the newest sealing key of a line that may be used now, once it is proved to be in the log.
// While that cannot be proved, an earlier one that was proved is as good.
// Errors: seal.ErrKey, ErrAltered, ErrUnproved.
func (s *System) sealingKey(ctx context.Context, line string) (*seal.PublicKey, error) {
	all, err := s.keysOf(ctx, line)
	if err != nil {
		return nil, err
	}
	usable := slices.DeleteFunc(slices.Clone(all), func(p published) bool {
		return p.Use != sealv1.KeyUse_KEY_USE_SEALING || !p.counts() || p.Usable(s.now()) != nil
	})
	err = fmt.Errorf("%w: %s has published none that may be used now", seal.ErrKey, line)
	spare := slices.ContainsFunc(usable, func(p published) bool { return s.wasProved(ctx, p) })
	for _, key := range slices.Backward(usable) {
		var found *seal.PublicKey
		if found, err = s.chainWithin(ctx, all, key, spare); !errors.Is(err, ErrUnproved) {
			return found, err
		}
	}
	return nil, err
}

// hurry is how long a new key is proved where another one can be used instead: a grant is due two seconds after
// the accept.
const hurry = time.Second

// chainWithin is chain, in a hurry where the line can spare the key.
func (s *System) chainWithin(ctx context.Context, all []published, key published, spare bool) (*seal.PublicKey, error) {
	if spare && !s.wasProved(ctx, key) {
		limited, cancel := context.WithTimeout(ctx, hurry)
		defer cancel()
		ctx = limited
	}
	return s.chain(ctx, all, key)
}

// signingKey returns the signing key of a line with an id, unless it was revoked, once it is proved to be in
// the log. Errors: seal.ErrKey, ErrAltered, ErrUnproved.
func (s *System) signingKey(ctx context.Context, line string, id []byte) (*seal.PublicKey, error) {
	all, err := s.keysOf(ctx, line)
	if err != nil {
		return nil, err
	}
	for _, key := range all {
		if bytes.Equal(key.ID, id) && key.Use == sealv1.KeyUse_KEY_USE_SIGNING && key.counts() {
			return s.chain(ctx, all, key)
		}
	}
	return nil, fmt.Errorf("%w: %s has no such signing key, or has revoked it", seal.ErrKey, line)
}

// chain proves a key and the signing key that signed it.
func (s *System) chain(ctx context.Context, all []published, key published) (*seal.PublicKey, error) {
	for _, by := range all {
		if bytes.Equal(by.ID, key.Statement.SignedBy) {
			if err := s.prove(ctx, by); err != nil {
				return nil, err
			}
		}
	}
	return key.PublicKey, s.prove(ctx, key)
}

// keysOf returns the keys of a line, oldest first. A key whose chain does not hold is left out.
func (s *System) keysOf(ctx context.Context, line string) (all []published, err error) {
	listed, err := s.list(ctx, line)
	var signing *seal.PublicKey
	for _, entry := range listed {
		key, err := seal.VerifyKey(entry.Key, s.own().Domain(), line, signing)
		if err != nil || !bytes.Equal(key.ID, entry.Id) {
			continue
		}
		found := published{key, entry}
		if key.Use == sealv1.KeyUse_KEY_USE_SIGNING && found.counts() {
			signing = key
		}
		all = append(all, found)
	}
	return all, err
}

func (s *System) list(ctx context.Context, line string) (all []*routingv1.PublishedKey, err error) {
	request := &routingv1.ListLineKeysRequest{Parent: handover.LineName(line), PageSize: 500, MinPosition: s.seen()}
	for {
		page, err := ask(ctx, s.platform.Keys.ListLineKeys, request)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Keys...)
		if request.PageToken = page.NextPageToken; request.PageToken == "" {
			return all, nil
		}
	}
}
