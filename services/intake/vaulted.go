package intake

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/services/intake/internal/vault"
	"github.com/stafett/stafett/services/internal/boltfile"
	"github.com/stafett/stafett/services/internal/dependencies"
)

// openVault opens the vault. A damaged file is moved aside: what it had cannot be read any
// more, and new words must still pass.
func openVault(deps dependencies.Set) (*vault.Vault, error) {
	path := filepath.Join(deps.Data, "vault.db")
	opened, err := vault.Open(path)
	if !errors.Is(err, boltfile.ErrDamaged) {
		return opened, err
	}
	aside := path + ".damaged"
	deps.Logger.Error("the vault is damaged and begins again empty; the file was moved aside, restore a copy to have the words back", "aside", aside, "error", err)
	if err := os.Rename(path, aside); err != nil {
		return nil, err
	}
	return vault.Open(path)
}

// namedAtMost bounds the conversations in a log line.
const namedAtMost = 20

// lookThroughVault compares the vault with the history, while words pass.
func (s *Service) lookThroughVault(ctx context.Context) error {
	err := errors.Join(s.reportMissing(ctx), s.sweep(ctx))
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// sweep removes blobs whose command was never recorded.
func (s *Service) sweep(ctx context.Context) error {
	return s.vault.Sweep(ctx, s.deps.Clock.Now().Add(-orphaned), func(conversation string, commitment []byte) (known bool) {
		err := s.model.View(func(tx *bbolt.Tx) error {
			known = tx.Bucket(blobsBucket).Get(blobKey(conversation, commitment)) != nil
			return nil
		})
		return known || err != nil
	})
}

// reportMissing logs what the history has commitments to and the vault does not have: the
// vault is another one, an older copy, or was deleted. What is lost of words is lost; a grant can be given
// again by the line that gave it.
func (s *Service) reportMissing(ctx context.Context) error {
	lost := missing{}
	for after := []byte(nil); ctx.Err() == nil; {
		all, err := s.commitmentsAfter(after)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			break
		}
		after = all[len(all)-1].key
		if err := s.vault.Has(func(has func(string, []byte) bool) { lost.add(all, has) }); err != nil {
			return err
		}
	}
	if lost.words+lost.grants > 0 {
		of := slices.Compact(lost.of)
		s.deps.Logger.Error("the vault lacks sealed words or grants that the history has commitments to; restore vault.db from a copy, or tell the lines: they can grant again",
			"words", lost.words, "grants", lost.grants, "known", lost.known, "conversations", len(of), "first", of[:min(len(of), namedAtMost)])
	}
	return ctx.Err()
}

// missing counts what the vault lacks.
type missing struct {
	known, words, grants int
	of                   []string // conversations, in order
}

func (m *missing) add(all []commitment, has func(conversation string, hash []byte) bool) {
	m.known += len(all)
	for _, c := range all {
		conversation, hash, _ := bytes.Cut(c.key, []byte{0})
		switch {
		case has(string(conversation), hash):
			continue
		case c.grant:
			m.grants++
		default:
			m.words++
		}
		m.of = append(m.of, string(conversation))
	}
}

// commitment is what the history knows of a blob or a grant.
type commitment struct {
	key   []byte
	grant bool
}

// comparedAtOnce is how many commitments are read in one transaction. A long one would hold up
// the projection.
const comparedAtOnce = 1000

func (s *Service) commitmentsAfter(after []byte) (all []commitment, err error) {
	err = s.model.View(func(tx *bbolt.Tx) error {
		for k, v := range boltfile.After(tx.Bucket(blobsBucket), after, comparedAtOnce) {
			all = append(all, commitment{bytes.Clone(k), bytes.Equal(v, aGrant)})
		}
		return nil
	})
	return all, err
}
