package routing

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
)

// secrets are what a child shows to use a claim ticket, derived with a key that only this
// service and its replicas have. Without the key, the digits cannot be recovered from the log,
// although there are only a million.
type secrets struct {
	key          []byte
	conversation string
	line         string // where the ticket can be used
	requestID    []byte
	draw         uint32
}

// link is the secret of the link form: 128 bits as 26 letters and digits.
func (s secrets) link() string {
	secret := keyed(s.key, "link", s.conversation, string(s.requestID))[:16]
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret))
}

// digits is the spoken form.
func (s secrets) digits() string {
	secret := keyed(s.key, "digits", s.conversation, string(s.requestID), fmt.Sprint(s.draw))
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(secret)%1_000_000)
}

func (s secrets) linkHash() []byte   { return linkHash(s.key, s.line, s.link()) }
func (s secrets) digitsHash() []byte { return digitsHash(s.key, s.line, s.digits()) }

func linkHash(key []byte, line, link string) []byte { return keyed(key, "link-hash", line, link) }

func digitsHash(key []byte, line, digits string) []byte {
	return keyed(key, "digits-hash", line, digits)
}

// keyed is HMAC-SHA256 over parts, each prefixed with its length to keep them apart.
func keyed(key []byte, parts ...string) []byte {
	mac := hmac.New(sha256.New, key)
	for _, part := range parts {
		mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		mac.Write([]byte(part))
	}
	return mac.Sum(nil)
}
