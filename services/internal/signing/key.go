// Package signing signs what a service writes to the log, and verifies what others wrote. The
// signature proves that an event comes from the service that owns it, for as long as the log
// is kept.
package signing

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/identity/pemfile"
)

var serviceName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)

type Key struct {
	service string
	private ed25519.PrivateKey
}

// OpenKey loads the service's key from <service>.key in the folder dir, or creates it, and
// makes sure that <service>.pub beside it is its public half.
//
// To give a service a new key, delete <service>.key and rename <service>.pub to
// <service>.<anything>.pub, with which the history can still be verified.
func OpenKey(dir, service string) (*Key, error) {
	if !serviceName.MatchString(service) {
		return nil, fmt.Errorf("%q is not a service's name: use a-z, then up to 62 of a-z, 0-9 and -", service)
	}
	path := filepath.Join(dir, service)
	public, err := readPublic(path + ".pub")
	if errors.Is(err, fs.ErrNotExist) {
		return createKey(path, service)
	}
	if err != nil {
		return nil, err
	}
	private, err := pemfile.ReadKey[ed25519.PrivateKey](path + ".key")
	if errors.Is(err, fs.ErrNotExist) || (err == nil && !public.Equal(private.Public())) {
		return nil, fmt.Errorf("%[1]s.key is not the private half of %[1]s.pub: put it back, "+
			"or rename %[1]s.pub to %[1]s.<anything>.pub to start a new key", path)
	}
	if err != nil {
		return nil, fmt.Errorf("open the signing key of %s: %w", service, err)
	}
	return &Key{service, private}, nil
}

// createKey writes the public half last. It never replaces an existing one, without which the
// history that it signed could no longer be verified.
func createKey(path, service string) (*Key, error) {
	private, err := pemfile.OpenKey(path+".key", newKey)
	if err != nil {
		return nil, fmt.Errorf("open the signing key of %s: %w", service, err)
	}
	der, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		return nil, fmt.Errorf("encode the public key of %s: %w", service, err)
	}
	if err := pemfile.Write(path+".pub", pemfile.PublicKey, der); err != nil {
		return nil, err
	}
	return &Key{service, private}, nil
}

func newKey() (ed25519.PrivateKey, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	return private, err
}

func readPublic(path string) (ed25519.PublicKey, error) {
	der, err := pemfile.Read(path, pemfile.PublicKey)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, fmt.Errorf("%s is not a public key: put the right file back: %w", path, err)
	}
	public, ok := parsed.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("%s holds a %T, not an Ed25519 key: put the right file back", path, parsed)
	}
	return public, nil
}

// Service returns the name of the service whose key this is.
func (k *Key) Service() string { return k.service }

// Sign returns the base64 signature over a commit's payload and its subject.
func (k *Key) Sign(subject string, payload []byte) string {
	return base64.StdEncoding.EncodeToString(ed25519.Sign(k.private, verify.SignedText(subject, payload)))
}

// Secret derives a key for another purpose. All replicas of a service derive the same one, and
// only they can.
func (k *Key) Secret(purpose string) []byte {
	secret, err := hkdf.Key(sha256.New, k.private.Seed(), nil, "stafett-"+purpose+"-v1", sha256.Size)
	if err != nil {
		panic(err) // SHA-256 rejects only lengths beyond its limit
	}
	return secret
}
