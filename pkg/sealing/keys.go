package sealing

import (
	"bytes"
	"errors"
	"io/fs"
	"os"

	"github.com/stafett/stafett/pkg/seal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// kept is what a file has, as it was read or written last.
type kept[T any] struct {
	value T
	file  os.FileInfo
}

// current reports whether the file is still the one that was read.
func (k *kept[T]) current(path string) bool {
	now, err := os.Stat(path)
	return err == nil && k.file != nil && os.SameFile(now, k.file) && now.ModTime().Equal(k.file.ModTime())
}

func (k *kept[T]) set(path string, value T) {
	k.value = value
	k.file, _ = os.Stat(path) // without it, the file is read again
}

// own are the line's private keys, as they are in the file; if that cannot be read, as they were.
func (s *System) own() *seal.Line {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reread()
	return s.line.value
}

// reread reads the file of the keys again if another program has replaced it. The caller holds mu.
func (s *System) reread() error {
	if s.line.current(s.store.keyFile()) {
		return nil
	}
	before, _ := os.Stat(s.store.keyFile())
	keys, err := s.store.loadKeys()
	if err == nil {
		s.line = kept[*seal.Line]{keys, before}
	}
	return err
}

// edit changes a copy of the line's keys, which counts once it is saved. If it is not saved, nothing has
// changed.
func (s *System) edit(change func(*seal.Line) (*seal.Line, error)) error {
	return s.store.locked(s.store.keyFile(), func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if err := s.reread(); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		keys, err := change(s.line.value.Clone())
		if err != nil {
			return err
		}
		if err := s.store.saveKeys(keys); err != nil {
			return err
		}
		s.line.set(s.store.keyFile(), keys)
		return nil
	})
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
