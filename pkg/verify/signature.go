package verify

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"errors"
)

// SignatureHeader has the appending service's signature, in base64.
const SignatureHeader = "Stafett-Signature"

// SignedText is what a service signs of an append. It names its purpose first,
// so that no signature that was made for something else passes here; the length
// keeps subject and payload apart.
func SignedText(subject string, payload []byte) []byte {
	const purpose = "stafett-append-v1\x00"
	text := make([]byte, 0, len(purpose)+8+len(subject)+len(payload))
	text = append(text, purpose...)
	text = binary.BigEndian.AppendUint64(text, uint64(len(subject)))
	text = append(text, subject...)
	return append(text, payload...)
}

// ErrUnsigned: none of the given keys signed the message.
var ErrUnsigned = errors.New("it is not signed with any of its service's keys")

// SignedBy refuses a message that none of the keys signed. Errors: ErrUnsigned.
func (m Message) SignedBy(keys []ed25519.PublicKey) error {
	values := m.HeaderValues(SignatureHeader)
	if len(values) == 0 {
		return ErrUnsigned
	}
	signature, err := base64.StdEncoding.Strict().DecodeString(values[0])
	if err != nil {
		return ErrUnsigned
	}
	text := SignedText(m.Subject, m.Payload)
	for _, key := range keys {
		if ed25519.Verify(key, text, signature) {
			return nil
		}
	}
	return ErrUnsigned
}

// HeaderValues are the values of a header, one for each time that it is there.
// Lines end where clients end them, at a newline.
func (m Message) HeaderValues(name string) (values []string) {
	for line := range bytes.SplitSeq(m.Header, []byte("\n")) {
		if value, ok := bytes.CutPrefix(line, []byte(name+":")); ok {
			values = append(values, string(bytes.TrimLeft(bytes.TrimSuffix(value, []byte("\r")), " \t")))
		}
	}
	return values
}
