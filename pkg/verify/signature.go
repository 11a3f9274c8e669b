package verify

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"errors"
)

// SignatureHeader holds the committing service's signature, in base64.
const SignatureHeader = "Stafett-Signature"

// SignedText returns what a service signs for a commit. It begins with its purpose, so that a
// signature made for anything else is invalid here; the length separates subject and payload.
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

// HeaderValues returns all values of a header, one per occurrence. Lines end at a newline, as
// clients read them.
func (m Message) HeaderValues(name string) (values []string) {
	for line := range bytes.SplitSeq(m.Header, []byte("\n")) {
		if value, ok := bytes.CutPrefix(line, []byte(name+":")); ok {
			values = append(values, string(bytes.TrimLeft(bytes.TrimSuffix(value, []byte("\r")), " \t")))
		}
	}
	return values
}
