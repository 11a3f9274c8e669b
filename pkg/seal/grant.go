package seal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hpke"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// ErrGrant: a grant is not what the log says it must be; the text says which term differs.
var ErrGrant = errors.New("the grant is not to be trusted")

// Commitment is what the log has of a blob.
func Commitment(salt, sealed []byte) []byte {
	sum := sha256.Sum256(slices.Concat(salt, sealed))
	return sum[:]
}

// GrantHash is what the log has of a grant.
func GrantHash(grant *sealv1.Grant) []byte {
	hash := sha256.New()
	for _, part := range [][]byte{grant.GetTerms(), grant.GetWrapped(), grant.GetSignature()} {
		hash.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		hash.Write(part)
	}
	return hash.Sum(nil)
}

// Grant gives a content key to a line. The keys, the giver and the domain of the terms are filled in;
// the rest is what the log says of the acceptance that the grant answers.
func (l *Line) Grant(to *PublicKey, terms *sealv1.GrantTerms, key ContentKey) (*sealv1.Grant, error) {
	if to.Use != sealv1.KeyUse_KEY_USE_SEALING {
		return nil, fmt.Errorf("%w: it is for signing, so nothing can be sealed to it", ErrKey)
	}
	complete := proto.CloneOf(terms)
	complete.Domain, complete.Giver, complete.GiverKey = l.domain, l.id, l.signing.public.ID
	complete.Receiver, complete.ReceiverKey, complete.ContentKey = to.Line, to.ID, key.ID()
	content, err := proto.Marshal(complete)
	if err != nil {
		return nil, err
	}
	public, err := kem.NewPublicKey(to.PublicKey)
	if err != nil {
		return nil, err
	}
	wrapped, err := hpke.Seal(public, kdf, aead, signed(grantPurpose, content), key.secret[:])
	if err != nil {
		return nil, err
	}
	return &sealv1.Grant{Terms: content, Wrapped: wrapped, Signature: l.sign(grantPurpose, grantContent(content, wrapped))}, nil
}

// grantContent is what the giver signs.
func grantContent(terms, wrapped []byte) []byte {
	return slices.Concat(binary.BigEndian.AppendUint32(nil, uint32(len(terms))), terms, wrapped)
}

// VerifyGrant verifies that a grant was signed with a key of its giver. Errors: ErrGrant.
func VerifyGrant(grant *sealv1.Grant, giver *PublicKey) error {
	if !ed25519.Verify(giver.PublicKey, signed(grantPurpose, grantContent(grant.GetTerms(), grant.GetWrapped())), grant.GetSignature()) {
		return fmt.Errorf("%w: %s did not sign it", ErrGrant, giver.Line)
	}
	return nil
}

// OpenGrant opens a grant that must have exactly these terms, from a giver with this signing key.
// The keys, the receiver and the domain of the terms are filled in. Errors: ErrGrant.
func (l *Line) OpenGrant(grant *sealv1.Grant, want *sealv1.GrantTerms, giver *PublicKey) (ContentKey, error) {
	if err := VerifyGrant(grant, giver); err != nil {
		return ContentKey{}, err
	}
	terms := &sealv1.GrantTerms{}
	if err := proto.Unmarshal(grant.Terms, terms); err != nil {
		return ContentKey{}, fmt.Errorf("%w: its terms cannot be read", ErrGrant)
	}
	complete := proto.CloneOf(want)
	complete.Domain, complete.Receiver, complete.Giver, complete.GiverKey = l.domain, l.id, giver.Line, giver.ID
	complete.ReceiverKey, complete.ContentKey = terms.ReceiverKey, terms.ContentKey
	if field := Differs(terms, complete); field != "" {
		return ContentKey{}, fmt.Errorf("%w: its %s is not the one in the log", ErrGrant, field)
	}
	return l.unwrap(grant, terms)
}

// unwrap opens the content key with the sealing key to which it was wrapped.
func (l *Line) unwrap(grant *sealv1.Grant, terms *sealv1.GrantTerms) (key ContentKey, err error) {
	keys := l.sealing
	at := slices.IndexFunc(keys, func(k sealingKey) bool { return bytes.Equal(k.public.ID, terms.ReceiverKey) })
	if at < 0 {
		return key, fmt.Errorf("%w: it is for a key that this line does not have", ErrGrant)
	}
	opened, err := hpke.Open(keys[at].private, kdf, aead, signed(grantPurpose, grant.Terms), grant.Wrapped)
	if err != nil || len(opened) != len(key.secret) {
		return key, fmt.Errorf("%w: the wrapped key does not open", ErrGrant)
	}
	copy(key.secret[:], opened)
	if !bytes.Equal(key.ID(), terms.ContentKey) {
		return ContentKey{}, fmt.Errorf("%w: it has another key than it says", ErrGrant)
	}
	return key, nil
}

// Differs names the first field in which two terms differ, those that this program does not know
// included.
func Differs(got, want *sealv1.GrantTerms) string {
	fields := got.ProtoReflect().Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if !protoreflect.Value.Equal(got.ProtoReflect().Get(field), want.ProtoReflect().Get(field)) {
			return string(field.Name())
		}
	}
	if len(got.ProtoReflect().GetUnknown()) > 0 {
		return "unknown field"
	}
	return ""
}
