package sealing

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/seal"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// Load returns the system of the line that a certificate names. What the line must keep is beside the
// certificate: its keys in LINE.sealing, and what it holds of each conversation in LINE.contents, encrypted to
// the storage key in LINE.storage. All are made if there are none. Whoever has all of them can read what the line
// can. The clock is the line's, usually time.Now. LINE.policy says which log, and which witnesses, the line trusts
// (c2sp.org/tlog-policy); without it, the log that it meets first. LINE.proofs has what it has verified of it.
//
// Several programs may load the same line. A crash loses nothing that a method has returned from.
func Load(platform *client.Platform, files client.Credentials, clock func() time.Time) (*System, error) {
	own, err := files.GetX509SVID()
	if err != nil {
		return nil, err
	}
	store, err := openStore(strings.TrimSuffix(files.Cert, ".pem"))
	if err != nil {
		return nil, err
	}
	s := &System{platform: platform, store: store, now: clock, contents: map[string]*kept[*seal.Contents]{}, returned: map[string][]*sealv1.UnreadMessage{}}
	err = store.locked(store.keyFile(), func() error { return s.firstKeys(own.ID.TrustDomain().Name(), filepath.Base(own.ID.Path())) })
	return s, err
}

// firstKeys reads the line's keys, or makes them. The caller holds the file's lock.
func (s *System) firstKeys(domain, line string) error {
	if err := removeLeftovers(s.store.keyFile()); err != nil {
		return err
	}
	keys, err := s.store.loadKeys()
	if errors.Is(err, fs.ErrNotExist) {
		if keys, err = seal.NewLine(domain, line, s.now().Add(-early)); err == nil {
			err = s.store.saveKeys(keys)
		}
	}
	if err != nil {
		return err
	}
	s.line.set(s.store.keyFile(), keys)
	return nil
}

// Shares splits the line's signing key and its storage key into two shares for two persons. Each alone says nothing.
func (s *System) Shares() ([2]string, error) { return s.own().Escrow(s.store.storage) }

// Restore puts two shares together and keeps the keys beside a certificate. If only the storage key is lost, the
// line's files open again. If all is lost, sealing keys are made again; what was sealed to lost ones stays sealed,
// and StartOver revokes them.
func Restore(files client.Credentials, one, other string, now time.Time) error {
	own, err := files.GetX509SVID()
	if err != nil {
		return err
	}
	keys, storage, err := seal.Restore(one, other, now.Add(-early))
	if err != nil {
		return err
	}
	if own.ID.TrustDomain().Name() != keys.Domain() || filepath.Base(own.ID.Path()) != keys.ID() {
		return fmt.Errorf("the shares are of %s in %s; the certificate is of %s", keys.ID(), keys.Domain(), own.ID)
	}
	base := strings.TrimSuffix(files.Cert, ".pem")
	if restored, err := restoreStorage(base, storage); err != nil || restored {
		return err
	}
	store, err := openStore(base)
	if err != nil {
		return err
	}
	return store.locked(store.keyFile(), func() error {
		if _, err := os.Stat(store.keyFile()); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s has keys; move it away if they are lost", store.keyFile())
		}
		return store.saveKeys(keys)
	})
}

// restoreStorage puts a storage key back if there is none, and reports whether the keys that are beside it open.
func restoreStorage(base string, storage *age.HybridIdentity) (restored bool, err error) {
	if _, err := os.Stat(base + ".storage"); storage == nil || !errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	s := store{base, storage}
	switch _, err := s.loadKeys(); {
	case err == nil:
		restored = true
	case !errors.Is(err, fs.ErrNotExist):
		return false, fmt.Errorf("the storage key in the shares does not open it; move it away if its keys are lost: %w", err)
	}
	return restored, replace(base+".storage", []byte(storage.String()+"\n"))
}
