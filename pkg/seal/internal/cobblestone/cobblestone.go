// Package cobblestone encrypts messages with Cobblestone-256, C2SP's chunked encryption over
// SHA-512 and AES-256-GCM (c2sp.org/chunked-encryption). A message opens only whole, only with
// its key, which the ciphertext commits to, and only in its context.
package cobblestone

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
)

// KeySize is the length of a key in bytes. It must be uniformly random.
const KeySize = 32

const (
	saltSize       = 24
	nonceSize      = 12
	commitmentSize = 32
	header         = saltSize + commitmentSize
	chunkSize      = 16 << 10
	tagSize        = 16
)

// ErrOpen says nothing more on purpose: whoever sent a wrong ciphertext learns nothing of it.
var ErrOpen = errors.New("it does not open: another key or context, or it was changed or cut")

// Size is the length of the ciphertext of a message.
func Size(message int) int { return header + message + (message/chunkSize+1)*tagSize }

// Seal encrypts a message under a new random salt.
func Seal(key, context, message []byte) ([]byte, error) {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	return seal(key, salt, context, message)
}

func seal(key, salt, context, message []byte) ([]byte, error) {
	m, err := derive(key, salt, context)
	if err != nil {
		return nil, err
	}
	sealed := append(append(make([]byte, 0, Size(len(message))), salt...), m.commitment...)
	for number := uint64(0); ; number++ {
		chunk := message[:min(len(message), chunkSize)]
		sealed = m.aead.Seal(sealed, m.nonce(number), chunk, nil)
		if len(chunk) < chunkSize {
			return sealed, nil
		}
		message = message[chunkSize:]
	}
}

// Open decrypts a whole message. Errors: ErrOpen, or a key of the wrong length.
func Open(key, context, sealed []byte) ([]byte, error) {
	if len(key) == KeySize && len(sealed) < header {
		return nil, ErrOpen
	}
	m, err := derive(key, sealed[:min(saltSize, len(sealed))], context)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare(m.commitment, sealed[saltSize:header]) != 1 {
		return nil, ErrOpen
	}
	return m.open(sealed[header:])
}

func (m message) open(sealed []byte) (opened []byte, err error) {
	for number := uint64(0); ; number++ {
		chunk := sealed[:min(len(sealed), chunkSize+tagSize)]
		if opened, err = m.aead.Open(opened, m.nonce(number), chunk, nil); err != nil {
			return nil, ErrOpen
		}
		if len(chunk) < chunkSize+tagSize {
			return opened, nil
		}
		sealed = sealed[chunkSize+tagSize:]
	}
}

// message is what is derived for one message.
type message struct {
	aead       cipher.AEAD
	base       []byte
	commitment []byte
}

func derive(key, salt, context []byte) (message, error) {
	if len(key) != KeySize {
		return message{}, fmt.Errorf("a key has %d bytes, not %d", KeySize, len(key))
	}
	info := "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00" + string(salt) + string(context)
	derived, err := hkdf.Expand(sha512.New, key, info, KeySize+nonceSize+commitmentSize)
	if err != nil {
		return message{}, err
	}
	block, err := aes.NewCipher(derived[:KeySize])
	if err != nil {
		return message{}, err
	}
	aead, err := cipher.NewGCM(block)
	return message{aead, derived[KeySize : KeySize+nonceSize], derived[KeySize+nonceSize:]}, err
}

// nonce is the base nonce, with the number of the chunk XORed into its end.
func (m message) nonce(number uint64) []byte {
	nonce := append([]byte(nil), m.base...)
	end := nonce[nonceSize-8:]
	binary.BigEndian.PutUint64(end, binary.BigEndian.Uint64(end)^number)
	return nonce
}
