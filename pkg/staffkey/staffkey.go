// Package staffkey verifies the word of a second person: a signature by a key that their line
// registered for them, over what they were shown.
//
// The platform sees keys, not persons. That two keys are two people is the line's promise, which it
// keeps with a security key for each.
package staffkey

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"google.golang.org/protobuf/proto"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// ErrSignature: the signature is not that of the key over what it says was shown.
var ErrSignature = errors.New("the signature does not verify")

// deterministic writes fields in the order of their numbers.
var deterministic = proto.MarshalOptions{Deterministic: true}

// ID names a key by everything that was registered about it, so that another role is another key.
func ID(key *handoverv1.StaffKey) ([]byte, error) {
	text, err := deterministic.Marshal(key)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}

// Check tells what is wrong with a key that is to be registered.
func Check(key *handoverv1.StaffKey) error {
	switch public := key.GetPublicKey().(type) {
	case *handoverv1.StaffKey_Ed25519:
		if len(public.Ed25519) != ed25519.PublicKeySize {
			return fmt.Errorf("an Ed25519 key has %d bytes, not %d", ed25519.PublicKeySize, len(public.Ed25519))
		}
		return nil
	case *handoverv1.StaffKey_SecurityKey:
		_, err := credential(public.SecurityKey)
		return err
	}
	return errors.New("it has no public key")
}

// Sizes of COSE keys that say nothing but the key.
const (
	es256Size = 77
	edDSASize = 42
)

// credential reads a security key of one of the two algorithms that are accepted.
func credential(key *handoverv1.SecurityKey) (any, error) {
	if key.RelyingParty == "" {
		return nil, errors.New("a security key belongs to a relying party: the host at which your people sign in")
	}
	parsed, err := webauthncose.ParsePublicKey(key.CoseKey)
	if err != nil {
		return nil, errors.New("the security key cannot be read as a COSE key")
	}
	switch one := parsed.(type) {
	case webauthncose.EC2PublicKeyData:
		if one.Algorithm == int64(webauthncose.AlgES256) && len(key.CoseKey) == es256Size {
			return one, nil
		}
	case webauthncose.OKPPublicKeyData:
		if one.Algorithm == int64(webauthncose.AlgEdDSA) && len(key.CoseKey) == edDSASize {
			return one, nil
		}
	}
	return nil, errors.New("the security key is not a plain ES256 or EdDSA key")
}

// Message is what an Ed25519 key signs; its SHA-256 is the challenge of a security key.
func Message(shown []byte) []byte {
	return append([]byte("stafett second person v1\x00"), shown...)
}

// Sign is what a line's system does for a person with an Ed25519 key.
func Sign(key *handoverv1.StaffKey, private ed25519.PrivateKey, shown *handoverv1.Shown) (*handoverv1.SecondSignature, error) {
	id, err := ID(key)
	if err != nil {
		return nil, err
	}
	text, err := deterministic.Marshal(shown)
	if err != nil {
		return nil, err
	}
	return &handoverv1.SecondSignature{Shown: text, Key: id, Signature: ed25519.Sign(private, Message(text))}, nil
}

// Verify verifies a signature by a key and returns what the person was shown. Whether that is the
// case, whether the key may sign for it, and whether the signature was used before is for the caller
// to say. Errors: ErrSignature.
func Verify(signature *handoverv1.SecondSignature, key *handoverv1.StaffKey) (*handoverv1.Shown, error) {
	if err := verify(signature, key); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSignature, err)
	}
	shown := &handoverv1.Shown{}
	if err := proto.Unmarshal(signature.Shown, shown); err != nil {
		return nil, fmt.Errorf("%w: what was shown cannot be read", ErrSignature)
	}
	if text, err := deterministic.Marshal(shown); err != nil || !bytes.Equal(text, signature.Shown) || len(shown.ProtoReflect().GetUnknown()) > 0 {
		return nil, fmt.Errorf("%w: what was shown has unknown fields, or is not written in their order", ErrSignature)
	}
	return shown, nil
}

func verify(signature *handoverv1.SecondSignature, key *handoverv1.StaffKey) error {
	if err := Check(key); err != nil {
		return err
	}
	if public, ok := key.PublicKey.(*handoverv1.StaffKey_Ed25519); ok {
		if !ed25519.Verify(public.Ed25519, Message(signature.GetShown()), signature.GetSignature()) {
			return errors.New("it is another key's, or of something else")
		}
		return nil
	}
	return assertion(signature, key.GetSecurityKey())
}
