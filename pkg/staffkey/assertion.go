package staffkey

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Challenge is what a browser is given, so that a person signs what they were shown with a security key.
func Challenge(shown []byte) []byte {
	sum := sha256.Sum256(Message(shown))
	return sum[:]
}

// plainSize is what an authenticator states without extensions.
const plainSize = 37

// assertion verifies what a security key signed: for this relying party, with the person present and
// verified, over this challenge.
func assertion(signature *handoverv1.SecondSignature, key *handoverv1.SecurityKey) error {
	public, err := credential(key)
	if err != nil {
		return err
	}
	var stated protocol.AuthenticatorData
	if err := stated.Unmarshal(signature.AuthenticatorData); err != nil {
		return errors.New("what the authenticator stated cannot be read")
	}
	if party := sha256.Sum256([]byte(key.RelyingParty)); !bytes.Equal(stated.RPIDHash, party[:]) {
		return fmt.Errorf("it was made for another site than %s", key.RelyingParty)
	}
	if len(signature.AuthenticatorData) != plainSize {
		return errors.New("the authenticator stated more than a sign-in needs")
	}
	if !stated.Flags.HasUserPresent() || !stated.Flags.HasUserVerified() {
		return errors.New("the authenticator did not verify that the person was there")
	}
	if err := client(signature.ClientData, Challenge(signature.Shown)); err != nil {
		return err
	}
	hash := sha256.Sum256(signature.ClientData)
	if good, err := webauthncose.VerifySignature(public, append(bytes.Clone(signature.AuthenticatorData), hash[:]...), signature.Signature); err != nil || !good {
		return errors.New("it is another key's, or of something else")
	}
	return nil
}

// ClientDataForm is the form in which browsers write it: no other text fits. Chromium sometimes adds a
// member of its own.
var ClientDataForm = regexp.MustCompile(`^\{"type":"webauthn\.(get|create)","challenge":"[A-Za-z0-9_-]{43}","origin":"https://[a-z0-9.-]{1,253}(:[0-9]{1,5})?"` +
	`(,"crossOrigin":(false|true))?(,"other_keys_can_be_added_here":"do not compare clientDataJSON against a template\. See https://goo\.gl/yabPex")?\}$`)

// client compares what the browser stated.
func client(data, challenge []byte) error {
	var stated struct {
		Type      string `json:"type"`
		Challenge string `json:"challenge"`
	}
	if err := json.Unmarshal(data, &stated); err != nil || !ClientDataForm.Match(data) {
		return errors.New("what the browser stated is not in the form that WebAuthn prescribes")
	}
	if stated.Type != "webauthn.get" {
		return fmt.Errorf("it was made for %q, not to sign in", stated.Type)
	}
	if stated.Challenge != base64.RawURLEncoding.EncodeToString(challenge) {
		return errors.New("it is over something else than what was shown")
	}
	return nil
}
