package sealing

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

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

// newest returns the newest key of a line for a use that may be used now, once it is proved to be in the
// log. Errors: seal.ErrKey, ErrAltered.
func (s *System) newest(ctx context.Context, line string, use sealv1.KeyUse) (*seal.PublicKey, error) {
	all, err := s.keysOf(ctx, line)
	if err != nil {
		return nil, err
	}
	for _, key := range slices.Backward(all) {
		if key.Use == use && key.counts() && key.Usable(s.now()) == nil {
			return s.chain(ctx, all, key)
		}
	}
	return nil, fmt.Errorf("%w: %s has published none that may be used now", seal.ErrKey, line)
}

// signingKey returns the signing key of a line with an id, unless it was revoked, once it is proved to be in
// the log. Errors: seal.ErrKey, ErrAltered.
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
	request := &routingv1.ListLineKeysRequest{Parent: "lines/" + line, PageSize: 500, MinPosition: s.seen()}
	for {
		page, err := s.platform.Keys.ListLineKeys(ctx, request)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Keys...)
		if request.PageToken = page.NextPageToken; request.PageToken == "" {
			return all, nil
		}
	}
}

// idOf is the id of a line from its resource name.
func idOf(line string) string { return strings.TrimPrefix(line, "lines/") }
