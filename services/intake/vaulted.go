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
// vault is another one, an older copy, or was deleted.
func (s *Service) reportMissing(ctx context.Context) error {
	known, missing, of := 0, 0, []string(nil)
	for after := []byte(nil); ctx.Err() == nil; {
		keys, err := s.commitmentsAfter(after)
		if err != nil {
			return err
		}
		if len(keys) == 0 {
			break
		}
		known, after = known+len(keys), keys[len(keys)-1]
		err = s.vault.Has(func(has func(string, []byte) bool) error {
			for _, k := range keys {
				if conversation, commitment, _ := bytes.Cut(k, []byte{0}); !has(string(conversation), commitment) {
					missing++
					of = append(of, string(conversation))
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if missing > 0 {
		of = slices.Compact(of)
		s.deps.Logger.Error("the vault lacks sealed words that the history has commitments to; restore vault.db from a copy, or tell the lines",
			"missing", missing, "known", known, "conversations", len(of), "first", of[:min(len(of), namedAtMost)])
	}
	return ctx.Err()
}

// comparedAtOnce is how many commitments are read in one transaction. A long one would hold up
// the projection.
const comparedAtOnce = 1000

func (s *Service) commitmentsAfter(after []byte) (keys [][]byte, err error) {
	err = s.model.View(func(tx *bbolt.Tx) error {
		for k := range boltfile.After(tx.Bucket(blobsBucket), after, comparedAtOnce) {
			keys = append(keys, bytes.Clone(k))
		}
		return nil
	})
	return keys, err
}
