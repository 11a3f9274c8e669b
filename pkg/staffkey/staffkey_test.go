package staffkey_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/staffkey"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const site = "desk.snakkommobbing.example"

func shown() *handoverv1.Shown {
	return &handoverv1.Shown{Command: "OverrideConsent", Conversation: "conversations/c", Epoch: 1, RiskLevel: handoverv1.RiskLevel_RISK_LEVEL_R4, Nonce: make([]byte, 16)}
}

// software is a key in a file.
func software(t testing.TB) (*handoverv1.StaffKey, ed25519.PrivateKey) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &handoverv1.StaffKey{Participant: "mina", Roles: []handoverv1.StaffRole{handoverv1.StaffRole_STAFF_ROLE_COUNSELLOR},
		PublicKey: &handoverv1.StaffKey_Ed25519{Ed25519: public}}, private
}

func TestAnEd25519Key(t *testing.T) {
	key, private := software(t)
	signature, err := staffkey.Sign(key, private, shown())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := staffkey.Verify(signature, key); err != nil || !proto.Equal(got, shown()) {
		t.Errorf("verified to %v, %v", got, err)
	}
	other, _ := software(t)
	changed := proto.CloneOf(signature)
	changed.Shown[1] ^= 1
	for name, try := range map[string]func() error{
		"another key": func() error { _, err := staffkey.Verify(signature, other); return err },
		"changed":     func() error { _, err := staffkey.Verify(changed, key); return err },
		"empty":       func() error { _, err := staffkey.Verify(nil, key); return err },
		"no key":      func() error { _, err := staffkey.Verify(signature, &handoverv1.StaffKey{}); return err },
	} {
		if err := try(); !errors.Is(err, staffkey.ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestARoleIsPartOfTheKey: who becomes a supervisor has another key id.
func TestARoleIsPartOfTheKey(t *testing.T) {
	key, _ := software(t)
	before, err := staffkey.ID(key)
	if err != nil {
		t.Fatal(err)
	}
	key.Roles = append(key.Roles, handoverv1.StaffRole_STAFF_ROLE_SUPERVISOR)
	if after, err := staffkey.ID(key); err != nil || bytes.Equal(before, after) {
		t.Errorf("the id stayed: %v", err)
	}
}

// authenticator is a security key in software.
type authenticator struct {
	private *ecdsa.PrivateKey
	key     *handoverv1.StaffKey
}

func newAuthenticator(t testing.TB) authenticator {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := private.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	cose, err := webauthncbor.Marshal(webauthncose.EC2PublicKeyData{
		PublicKeyData: webauthncose.PublicKeyData{KeyType: int64(webauthncose.EllipticKey), Algorithm: int64(webauthncose.AlgES256)},
		Curve:         int64(webauthncose.P256), XCoord: point[1:33], YCoord: point[33:],
	})
	if err != nil {
		t.Fatal(err)
	}
	return authenticator{private, &handoverv1.StaffKey{Participant: "mina",
		PublicKey: &handoverv1.StaffKey_SecurityKey{SecurityKey: &handoverv1.SecurityKey{CoseKey: cose, RelyingParty: site}}}}
}

const presentAndVerified = 0x05

func (a authenticator) sign(t testing.TB, party, kind string, flags byte, text []byte) *handoverv1.SecondSignature {
	t.Helper()
	client := fmt.Appendf(nil, `{"type":%q,"challenge":%q,"origin":"https://%s","crossOrigin":false}`,
		kind, base64.RawURLEncoding.EncodeToString(staffkey.Challenge(text)), party)
	hash := sha256.Sum256([]byte(party))
	stated := append(hash[:], flags, 0, 0, 0, 1)
	sum := sha256.Sum256(client)
	digest := sha256.Sum256(append(bytes.Clone(stated), sum[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.private, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return &handoverv1.SecondSignature{Shown: text, Signature: signature, AuthenticatorData: stated, ClientData: client}
}

func TestASecurityKey(t *testing.T) {
	a, other := newAuthenticator(t), newAuthenticator(t)
	text, err := proto.Marshal(shown())
	if err != nil {
		t.Fatal(err)
	}
	good := a.sign(t, site, "webauthn.get", presentAndVerified, text)
	if got, err := staffkey.Verify(good, a.key); err != nil || !proto.Equal(got, shown()) {
		t.Fatalf("verified to %v, %v", got, err)
	}
	elsewhere := proto.CloneOf(good)
	elsewhere.Shown = append(elsewhere.Shown, 0)
	cut := proto.CloneOf(good)
	cut.AuthenticatorData = cut.AuthenticatorData[:30]
	for name, signature := range map[string]*handoverv1.SecondSignature{
		"another key":       other.sign(t, site, "webauthn.get", presentAndVerified, text),
		"another site":      a.sign(t, "evil.example", "webauthn.get", presentAndVerified, text),
		"a registration":    a.sign(t, site, "webauthn.create", presentAndVerified, text),
		"not verified":      a.sign(t, site, "webauthn.get", 0x01, text),
		"not present":       a.sign(t, site, "webauthn.get", 0x04, text),
		"of something else": elsewhere,
		"cut":               cut,
		"without data":      {Shown: text, Signature: good.Signature},
	} {
		if _, err := staffkey.Verify(signature, a.key); !errors.Is(err, staffkey.ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeysThatCannotBeRegistered(t *testing.T) {
	a := newAuthenticator(t)
	good := a.key.GetSecurityKey()
	for name, key := range map[string]*handoverv1.StaffKey{
		"none":           {},
		"too short":      {PublicKey: &handoverv1.StaffKey_Ed25519{Ed25519: make([]byte, 31)}},
		"not COSE":       {PublicKey: &handoverv1.StaffKey_SecurityKey{SecurityKey: &handoverv1.SecurityKey{CoseKey: []byte("key"), RelyingParty: site}}},
		"without a site": {PublicKey: &handoverv1.StaffKey_SecurityKey{SecurityKey: &handoverv1.SecurityKey{CoseKey: good.CoseKey}}},
	} {
		if staffkey.Check(key) == nil {
			t.Errorf("%s: it passes", name)
		}
	}
}

func FuzzVerify(f *testing.F) {
	a := newAuthenticator(f)
	text, err := proto.Marshal(shown())
	if err != nil {
		f.Fatal(err)
	}
	good := a.sign(f, site, "webauthn.get", presentAndVerified, text)
	f.Add(good.Shown, good.AuthenticatorData, good.ClientData, good.Signature)
	f.Fuzz(func(t *testing.T, shown, stated, client, signature []byte) {
		forged := &handoverv1.SecondSignature{Shown: shown, AuthenticatorData: stated, ClientData: client, Signature: signature}
		if _, err := staffkey.Verify(forged, a.key); err == nil && !bytes.Equal(shown, text) {
			t.Error("a signature that nobody made verifies")
		}
	})
}
