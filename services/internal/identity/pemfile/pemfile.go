// Package pemfile keeps certificates and keys in PEM files that are complete or absent at
// every moment, however the process or the machine ends.
package pemfile

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/natefinch/atomic"
)

const (
	Certificate = "CERTIFICATE"
	Request     = "CERTIFICATE REQUEST"
	PublicKey   = "PUBLIC KEY"
	privateKey  = "PRIVATE KEY"
)

// Write puts one block of the kind into the file at path, replacing any existing file. New
// files and folders are accessible to their owner only. When Write returns, the file survives
// a power failure.
func Write(path, kind string, der []byte) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make the folder of %s: %w", path, err)
	}
	block := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	if err := atomic.WriteFile(path, bytes.NewReader(block)); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return syncFolder(folder)
}

// syncFolder makes the file's name as durable as its bytes: a key cannot be recreated once its
// signatures are in the log.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" { // Windows journals names, and cannot sync folders
		return nil
	}
	folder, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the folder %s to sync it: %w", path, err)
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// Text returns a file of PEM blocks. It refuses one that an editor saved with a byte order mark,
// as that hides the first block.
func Text(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err == nil && bytes.HasPrefix(text, []byte("\ufeff")) {
		return nil, fmt.Errorf("%s begins with a byte order mark, which some editors add: save it as UTF-8 without one", path)
	}
	return text, err
}

// Read returns the file's first block, which must be of the kind. The error is fs.ErrNotExist
// if the file does not exist.
func Read(path, kind string) ([]byte, error) {
	text, err := Text(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != kind {
		return nil, fmt.Errorf("%s holds no PEM block %q: put the right file back", path, kind)
	}
	return block.Bytes, nil
}

// OpenKey reads the private key at path, or generates and writes it if the file does not
// exist.
func OpenKey[K crypto.Signer](path string, generate func() (K, error)) (K, error) {
	key, err := ReadKey[K](path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if key, err = generate(); err != nil {
		return key, fmt.Errorf("generate the key for %s: %w", path, err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return key, fmt.Errorf("encode the key for %s: %w", path, err)
	}
	return key, Write(path, privateKey, der)
}

// ReadKey reads the private key at path, which must be of type K. The error is fs.ErrNotExist
// if the file does not exist.
func ReadKey[K crypto.Signer](path string) (K, error) {
	var none K
	der, err := Read(path, privateKey)
	if err != nil {
		return none, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return none, fmt.Errorf("%s is not a PKCS#8 private key: put the right file back: %w", path, err)
	}
	key, ok := parsed.(K)
	if !ok {
		return none, fmt.Errorf("%s holds a %T, not a %T: put the right file back", path, parsed, none)
	}
	return key, nil
}
