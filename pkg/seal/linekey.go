package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hpke"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// ErrKey: a statement about a key is not to be trusted; the text says why.
var ErrKey = errors.New("the key is not to be trusted")

// PublicKey is a line's key whose statement was verified.
type PublicKey struct {
	*sealv1.LineKey
	// ID is SHA-256 over the serialized LineKey.
	ID []byte
	// Statement is what the line published.
	Statement *sealv1.SignedKey
}

// keyID names a key by its statement, so that the same bytes for another line or another time are
// another key.
func keyID(key []byte) []byte {
	sum := sha256.Sum256(key)
	return sum[:]
}

// VerifyKey verifies a statement about a key of a line. The signing key is the line's, as it was
// verified before; nil for the line's first signing key, which signs itself. Whether the statement is
// in the log is for the caller to verify, as pkg/sealing does.
func VerifyKey(statement *sealv1.SignedKey, domain, line string, by *PublicKey) (*PublicKey, error) {
	key := &PublicKey{LineKey: &sealv1.LineKey{}, ID: keyID(statement.GetKey()), Statement: statement}
	if err := proto.Unmarshal(statement.GetKey(), key.LineKey); err != nil {
		return nil, fmt.Errorf("%w: the statement cannot be read", ErrKey)
	}
	if key.Domain != domain || key.Line != line {
		return nil, fmt.Errorf("%w: it is of line %q in %q, not of %q in %q", ErrKey, key.Line, key.Domain, line, domain)
	}
	if err := key.wellformed(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	signer, err := key.signer(by)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	if !bytes.Equal(statement.SignedBy, signer.ID) || !ed25519.Verify(signer.PublicKey, signed(keyPurpose, statement.Key), statement.Signature) {
		return nil, fmt.Errorf("%w: the line's signing key did not sign it", ErrKey)
	}
	return key, nil
}

// signer is the key that must have signed: the line's earlier signing key, or the key itself.
func (k *PublicKey) signer(by *PublicKey) (*PublicKey, error) {
	switch {
	case by == nil && k.Use != sealv1.KeyUse_KEY_USE_SIGNING:
		return nil, errors.New("a line's first key is a signing key")
	case by == nil:
		return k, nil
	case by.Use != sealv1.KeyUse_KEY_USE_SIGNING || by.Line != k.Line || by.Domain != k.Domain:
		return nil, errors.New("only a signing key of the same line can sign it")
	}
	return by, nil
}

func (k *PublicKey) wellformed() error {
	switch k.Use {
	case sealv1.KeyUse_KEY_USE_SIGNING:
		if len(k.PublicKey) != ed25519.PublicKeySize {
			return fmt.Errorf("an Ed25519 key has %d bytes, not %d", ed25519.PublicKeySize, len(k.PublicKey))
		}
	case sealv1.KeyUse_KEY_USE_SEALING:
		if _, err := kem.NewPublicKey(k.PublicKey); err != nil {
			return errors.New("it is not an MLKEM768-X25519 key")
		}
	default:
		return fmt.Errorf("its use %d is unknown; update the program", k.Use)
	}
	if !k.NotBefore.IsValid() || !k.NotAfter.IsValid() || !k.NotBefore.AsTime().Before(k.NotAfter.AsTime()) {
		return errors.New("it does not say from when to when it may be used")
	}
	return nil
}

// Usable reports why a key must not be used at an instant, or nil.
func (k *PublicKey) Usable(now time.Time) error {
	switch {
	case now.Before(k.NotBefore.AsTime()):
		return fmt.Errorf("%w: it may be used from %s on", ErrKey, k.NotBefore.AsTime().Format(time.RFC3339))
	case !now.Before(k.NotAfter.AsTime()):
		return fmt.Errorf("%w: it could be used until %s", ErrKey, k.NotAfter.AsTime().Format(time.RFC3339))
	}
	return nil
}

const (
	keyPurpose   = "stafett line key v1"
	grantPurpose = "stafett grant v1"
)

// signed is what a signature is over: its purpose keeps it from being used for anything else.
func signed(purpose string, content []byte) []byte {
	return append(append([]byte(purpose), 0), content...)
}

// The suite has published vectors and implementations by others.
var (
	kem  = hpke.MLKEM768X25519()
	kdf  = hpke.HKDFSHA256()
	aead = hpke.ChaCha20Poly1305()
)
