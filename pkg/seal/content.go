package seal

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"fmt"

	"github.com/stafett/stafett/pkg/seal/internal/cobblestone"
)

// ContentKeyIDSize is the length of a content key's id in bytes.
const ContentKeyIDSize = 16

// ContentKey opens blobs. It is random; its id says nothing about it. Printed, it shows its id only.
type ContentKey struct{ secret [cobblestone.KeySize]byte }

// NewContentKey makes a key: one for each part of a packet, one for a bridge, one for a tenure.
func NewContentKey() ContentKey {
	var k ContentKey
	rand.Read(k.secret[:])
	return k
}

// ID is the beginning of SHA-256 over "stafett content key v1", a zero byte, and the key.
func (k ContentKey) ID() []byte {
	sum := sha256.Sum256(append([]byte("stafett content key v1\x00"), k.secret[:]...))
	return sum[:ContentKeyIDSize]
}

// String shows the id, so that no log gets a key.
func (k ContentKey) String() string { return fmt.Sprintf("content key %x", k.ID()) }

// GoString is String.
func (k ContentKey) GoString() string { return k.String() }

// Seal seals a text of at most MaxText bytes for a place.
func (k ContentKey) Seal(at Place, text []byte) ([]byte, error) {
	context, err := at.context()
	if err != nil {
		return nil, err
	}
	padded, err := pad(text)
	if err != nil {
		return nil, err
	}
	sealed, err := cobblestone.Seal(k.secret[:], context, padded)
	if err != nil {
		return nil, err
	}
	return append(append([]byte{blobVersion}, k.ID()...), sealed...), nil
}

// Open opens a blob that belongs to a place. Errors: ErrNotSealed, ErrOpen.
func (k ContentKey) Open(at Place, blob []byte) ([]byte, error) {
	id, err := KeyOf(blob)
	if err != nil {
		return nil, err
	}
	context, err := at.context()
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(id, k.ID()) {
		return nil, ErrOpen
	}
	padded, err := cobblestone.Open(k.secret[:], context, blob[headerSize:])
	if err != nil {
		return nil, ErrOpen
	}
	return unpad(padded)
}
