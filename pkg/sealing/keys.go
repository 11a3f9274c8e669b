package sealing

import (
	"bytes"

	"github.com/stafett/stafett/pkg/seal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// own are the line's private keys. They change by edit and renew alone.
func (s *System) own() *seal.Line {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.line
}

// edit changes a copy of the line's keys, which counts once it is saved. If it is not saved, nothing has
// changed.
func (s *System) edit(change func(*seal.Line) error) error {
	s.editing.Lock()
	defer s.editing.Unlock()
	keys := s.own().Clone()
	if err := change(keys); err != nil {
		return err
	}
	return s.adopt(keys)
}

// adopt saves keys before anybody can use them. The caller holds editing.
func (s *System) adopt(keys *seal.Line) error {
	if err := s.save(keys); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.line = keys
	return nil
}

// foreign are the keys that were published in the line's name, that could be used, and that are not its own.
func (s *System) foreign(listed []*routingv1.PublishedKey) (all []*routingv1.PublishedKey) {
	for _, entry := range listed {
		if entry.Revocation == handoverv1.KeyRevocation_KEY_REVOCATION_UNSPECIFIED && !s.ours(entry) {
			all = append(all, entry)
		}
	}
	return all
}

// ours reports whether the line holds a key, or had it. That the line's signing key signed it is not enough:
// whoever has a copy of that one can sign more.
func (s *System) ours(entry *routingv1.PublishedKey) bool {
	own := s.own()
	if bytes.Equal(entry.Id, own.Signing().ID) || own.Holds(entry.Id) || own.Destroyed(entry.Id) {
		return true
	}
	key, err := seal.VerifyKey(entry.Key, own.Domain(), own.ID(), own.Signing())
	over := err == nil && (entry.Retired || !s.now().Before(key.NotAfter.AsTime()))
	return over && key.Use == sealv1.KeyUse_KEY_USE_SEALING
}
