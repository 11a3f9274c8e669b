package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hpke"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// Line holds the private keys of a line. It is not safe for concurrent changes: change a Clone.
type Line struct {
	domain, id string
	signing    signingKey
	sealing    []sealingKey // oldest first
	// destroyed are the ids of the sealing keys that the line had.
	destroyed [][]byte
}

type signingKey struct {
	public  *PublicKey
	private ed25519.PrivateKey
}

type sealingKey struct {
	public  *PublicKey
	private hpke.PrivateKey
}

const (
	// SigningLasts is how long a new signing key may be used.
	SigningLasts = 2 * 365 * 24 * time.Hour
	// SealingLasts is how long a new sealing key may be used: rotated daily, with a day to spare for a
	// desk that was off.
	SealingLasts = 48 * time.Hour
)

// NewLine makes the first keys of a line: publish both statements, signing key first.
func NewLine(domain, id string, now time.Time) (*Line, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	l := &Line{domain: domain, id: id}
	key, err := l.describe(sealv1.KeyUse_KEY_USE_SIGNING, public, now, SigningLasts)
	if err != nil {
		return nil, err
	}
	l.signing = signingKey{private: private}
	statement := &sealv1.SignedKey{Key: key, SignedBy: keyID(key), Signature: l.sign(keyPurpose, key)}
	if l.signing.public, err = VerifyKey(statement, domain, id, nil); err != nil {
		return nil, err
	}
	return l, l.Rotate(now)
}

// Rotate makes a new sealing key. The former ones still open what was sealed to them.
func (l *Line) Rotate(now time.Time) error {
	private, err := kem.GenerateKey()
	if err != nil {
		return err
	}
	return l.addSealing(private, now)
}

func (l *Line) addSealing(private hpke.PrivateKey, now time.Time) error {
	key, err := l.describe(sealv1.KeyUse_KEY_USE_SEALING, private.PublicKey().Bytes(), now, SealingLasts)
	if err != nil {
		return err
	}
	statement := &sealv1.SignedKey{Key: key, SignedBy: l.signing.public.ID, Signature: l.sign(keyPurpose, key)}
	public, err := VerifyKey(statement, l.domain, l.id, l.signing.public)
	if err != nil {
		return err
	}
	l.sealing = append(l.sealing, sealingKey{public, private})
	return nil
}

// Retire destroys a sealing key. Nothing that was sealed to it opens any more, at this line or for
// whoever steals its keys later. The newest one stays.
func (l *Line) Retire(id []byte) error {
	at := slices.IndexFunc(l.sealing, func(k sealingKey) bool { return bytes.Equal(k.public.ID, id) })
	if at < 0 || at == len(l.sealing)-1 {
		return errors.New("only a sealing key that has a successor can be retired")
	}
	l.sealing = slices.Delete(l.sealing, at, at+1)
	l.destroyed = append(l.destroyed, slices.Clone(id))
	return nil
}

// Destroyed reports whether the line had a sealing key, and retired it.
func (l *Line) Destroyed(id []byte) bool {
	return slices.ContainsFunc(l.destroyed, func(d []byte) bool { return bytes.Equal(d, id) })
}

// Clone returns a copy, so that a change of the keys can be kept before anybody uses it.
func (l *Line) Clone() *Line {
	return &Line{domain: l.domain, id: l.id, signing: l.signing, sealing: slices.Clone(l.sealing), destroyed: slices.Clone(l.destroyed)}
}

// Holds reports whether the line has the private part of a sealing key.
func (l *Line) Holds(id []byte) bool {
	return slices.ContainsFunc(l.sealing, func(k sealingKey) bool { return bytes.Equal(k.public.ID, id) })
}

// Domain is the trust domain of the platform.
func (l *Line) Domain() string { return l.domain }

// ID of the line, as in the directory.
func (l *Line) ID() string { return l.id }

// Signing is the line's signing key.
func (l *Line) Signing() *PublicKey { return l.signing.public }

// Sealing is the line's newest sealing key, to which others grant.
func (l *Line) Sealing() *PublicKey { return l.sealing[len(l.sealing)-1].public }

func (l *Line) sign(purpose string, content []byte) []byte {
	return ed25519.Sign(l.signing.private, signed(purpose, content))
}

func (l *Line) describe(use sealv1.KeyUse, public []byte, now time.Time, lasts time.Duration) ([]byte, error) {
	return proto.Marshal(&sealv1.LineKey{
		Domain: l.domain, Line: l.id, Use: use, PublicKey: public,
		NotBefore: timestamppb.New(now), NotAfter: timestamppb.New(now.Add(lasts)),
	})
}

// String names the line, so that no log gets a key.
func (l *Line) String() string { return fmt.Sprintf("keys of line %s", l.id) }

// GoString is String.
func (l *Line) GoString() string { return l.String() }
