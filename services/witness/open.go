package witness

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/natefinch/atomic"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/identity/pemfile"
)

// The files in a witness's folder.
const (
	keyFile    = "witness.key"
	publicFile = "witness.vkey"
	stateFile  = "witness.db"
)

// OpenIn opens a witness that has its key, its public key and its state in a folder, creating
// what is missing. It refuses a witness whose state is missing but whose key is not: it would
// cosign any history as its first.
func OpenIn(folder, name string, logs []verify.Log, logger *slog.Logger) (*Witness, error) {
	if _, err := verify.NewWitness(name, make(ed25519.PublicKey, ed25519.PublicKeySize)); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	cosigner, err := cosignerIn(folder, name)
	if err != nil {
		return nil, fmt.Errorf("witness in %s: %w", folder, err)
	}
	w, err := Open(filepath.Join(folder, stateFile), cosigner, logs, logger)
	if err != nil {
		return nil, err
	}
	if err := atomic.WriteFile(filepath.Join(folder, publicFile), strings.NewReader(cosigner.VKey()+"\n")); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// cosignerIn opens the folder's key under a name, which must be the one that it has cosigned
// with.
func cosignerIn(folder, name string) (none verify.Cosigner, err error) {
	before, err := os.ReadFile(filepath.Join(folder, publicFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return none, err
	}
	if state, err := os.Stat(filepath.Join(folder, stateFile)); len(before) > 0 && (err != nil || state.Size() == 0) {
		return none, fmt.Errorf("its record of what it cosigned is gone: it would cosign any history as its first; restore %s, or become another witness in another folder", stateFile)
	}
	private, err := pemfile.OpenKey(filepath.Join(folder, keyFile), func() (ed25519.PrivateKey, error) {
		if len(before) > 0 {
			return nil, errors.New("its key is gone; restore it, or become another witness in another folder")
		}
		_, private, err := ed25519.GenerateKey(rand.Reader)
		return private, err
	})
	if err != nil {
		return none, err
	}
	cosigner, err := verify.NewCosigner(name, private, time.Now)
	if err == nil && len(before) > 0 && strings.TrimSpace(string(before)) != cosigner.VKey() {
		return none, fmt.Errorf("it belongs to %s; use the same name and key, or another folder", strings.TrimSpace(string(before)))
	}
	return cosigner, err
}
