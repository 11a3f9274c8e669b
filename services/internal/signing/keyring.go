package signing

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/stafett/stafett/pkg/verify"
)

// remembered is how many verified commits a ring remembers: enough for the services of one
// process to project a commit within moments of each other.
const remembered = 4096

// Keyring verifies the commits of all services. It is safe for concurrent use; services in one
// process share a ring, so that each commit is verified once.
type Keyring struct {
	dir      string
	keys     atomic.Pointer[publicKeys]
	verified *lru.Cache[digest, struct{}]
}

type (
	publicKeys map[string][]ed25519.PublicKey // by service
	digest     [sha256.Size]byte
)

// OpenKeyring reads the public keys in the folder dir: <service>.pub, and any earlier ones as
// <service>.<anything>.pub.
func OpenKeyring(dir string) (*Keyring, error) {
	verified, err := lru.New[digest, struct{}](remembered)
	if err != nil {
		return nil, err
	}
	ring := &Keyring{dir: dir, verified: verified}
	if err := ring.load(); err != nil {
		return nil, err
	}
	return ring, nil
}

func (r *Keyring) load() error {
	files, err := os.ReadDir(r.dir)
	if err != nil {
		return fmt.Errorf("list the public keys: %w", err)
	}
	keys := publicKeys{}
	for _, file := range files {
		if filepath.Ext(file.Name()) != ".pub" {
			continue
		}
		key, err := readPublic(filepath.Join(r.dir, file.Name()))
		if err != nil {
			return err
		}
		service, _, _ := strings.Cut(file.Name(), ".")
		keys[service] = append(keys[service], key)
	}
	r.keys.Store(&keys)
	return nil
}

// Sign signs with the key, and remembers the signature as verified.
func (r *Keyring) Sign(key *Key, subject string, payload []byte) string {
	signature := key.Sign(subject, payload)
	r.verified.Add(digestOf(key.service, subject, payload, signature), struct{}{})
	return signature
}

// Verify returns an error unless the signature over the payload and its subject was made with
// one of the service's keys. A key added to the folder after the ring was opened counts too,
// so that services can start, and change keys, in any order.
func (r *Keyring) Verify(service, subject string, payload []byte, signature string) error {
	seen := digestOf(service, subject, payload, signature)
	if r.verified.Contains(seen) {
		return nil
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(signature)
	if err != nil {
		return fmt.Errorf("the signature of %s on %s is not base64: %w", service, subject, err)
	}
	if err := r.check(service, verify.SignedText(subject, payload), raw); err != nil {
		return fmt.Errorf("the signature of %s on %s: %w", service, subject, err)
	}
	r.verified.Add(seen, struct{}{})
	return nil
}

// check reads the folder again before it refuses.
func (r *Keyring) check(service string, text, signature []byte) error {
	if r.fits(service, text, signature) {
		return nil
	}
	if err := r.load(); err != nil {
		return err
	}
	if r.fits(service, text, signature) {
		return nil
	}
	return fmt.Errorf("it fits none of the service's keys in %s: "+
		"the commit was altered or is not the service's, or a public key is missing there", r.dir)
}

func (r *Keyring) fits(service string, text, signature []byte) bool {
	for _, key := range (*r.keys.Load())[service] {
		if ed25519.Verify(key, text, signature) {
			return true
		}
	}
	return false
}

// digestOf puts the length before each part, so that no two different commits hash the same
// bytes.
func digestOf(service, subject string, payload []byte, signature string) (sum digest) {
	hash := sha256.New()
	for _, part := range [][]byte{[]byte(service), []byte(subject), payload, []byte(signature)} {
		hash.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		hash.Write(part)
	}
	hash.Sum(sum[:0])
	return sum
}
