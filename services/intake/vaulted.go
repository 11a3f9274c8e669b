package intake

import (
	"bytes"
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

// reportMissing logs what the history has commitments to and the vault does not have: the
// vault is another one, an older copy, or was deleted.
func (s *Service) reportMissing() error {
	known, missing, of := 0, 0, []string(nil)
	err := s.model.View(func(tx *bbolt.Tx) error {
		return s.vault.Has(func(has func(string, []byte) bool) error {
			return tx.Bucket(blobsBucket).ForEach(func(k, _ []byte) error {
				conversation, commitment, _ := bytes.Cut(k, []byte{0})
				known++
				if !has(string(conversation), commitment) {
					missing++
					of = append(of, string(conversation))
				}
				return nil
			})
		})
	})
	if missing > 0 {
		of = slices.Compact(of)
		s.deps.Logger.Error("the vault lacks sealed words that the history has commitments to; restore vault.db from a copy, or tell the lines",
			"missing", missing, "known", known, "conversations", len(of), "first", of[:min(len(of), namedAtMost)])
	}
	return err
}
