package witness

import (
	"crypto/ed25519"
	"crypto/rand"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/identity/pemfile"
)

// OpenIn opens a witness that has its key and its state in a folder, and makes
// what is not there yet.
func OpenIn(folder, name string, logs []verify.Log, logger *slog.Logger) (*Witness, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	private, err := pemfile.OpenKey(filepath.Join(folder, "witness.key"), func() (ed25519.PrivateKey, error) {
		_, private, err := ed25519.GenerateKey(rand.Reader)
		return private, err
	})
	if err != nil {
		return nil, err
	}
	cosigner, err := verify.NewCosigner(name, private, time.Now)
	if err != nil {
		return nil, err
	}
	return Open(filepath.Join(folder, "witness.db"), cosigner, logs, logger)
}
