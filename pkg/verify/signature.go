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
	signature, err := base64.StdEncoding.Strict().DecodeString(string(m.header(SignatureHeader)))
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

// header is the first value of a header; empty where there is none.
func (m Message) header(name string) []byte {
	for line := range bytes.SplitSeq(m.Header, []byte("\r\n")) {
		if value, ok := bytes.CutPrefix(line, []byte(name+":")); ok {
			return bytes.TrimLeft(value, " \t")
		}
	}
	return nil
}
