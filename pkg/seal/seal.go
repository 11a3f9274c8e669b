// Package seal is what a line's own system needs so that the platform cannot read: its keys, blobs
// that only holders of a content key open, and grants that give such a key to one other line.
// docs/sealing.md has every byte of the formats.
//
// A line seals words under a content key of its own making, and grants that key to the receiver
// once the receiver has accepted:
//
//	key := seal.NewContentKey()
//	blob, err := key.Seal(place, []byte("what was agreed"))
//	grant, err := sender.Grant(receiverKey, terms, key)
//
// The receiver opens the grant with the terms that it knows from the log, and then the blob:
//
//	key, err := receiver.OpenGrant(grant, terms, senderKeys)
//	text, err := key.Open(place, blob)
//
// Private keys never leave this package but encrypted.
package seal

import (
	"encoding/binary"
	"errors"
	"fmt"

	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// ErrOpen: the blob was not sealed under this key for this place, or was changed. It says no more
// on purpose.
var ErrOpen = errors.New("the blob does not open: it was sealed under another key or for another place, or it was changed")

// Place is where a blob belongs. It opens nowhere else.
type Place struct {
	// Domain is the trust domain of the platform.
	Domain string
	// Conversation and Handover are resource names. Handover is empty for words outside of one.
	Conversation, Handover string
	// Epoch of custody in which it was sealed.
	Epoch uint32
	Kind  sealv1.Kind
	// Item is the part of the packet (SUMMARY), or the id of the message.
	Item string
}

// context is the place in bytes: each text preceded by its length.
func (p Place) context() ([]byte, error) {
	if p.Domain == "" || p.Conversation == "" || p.Item == "" || p.Kind == sealv1.Kind_KIND_UNSPECIFIED {
		return nil, fmt.Errorf("a place has a domain, a conversation, a kind and an item; this is %+v", p)
	}
	context := []byte("stafett blob v1\x00")
	for _, text := range []string{p.Domain, p.Conversation, p.Handover, p.Item} {
		context = binary.BigEndian.AppendUint16(context, uint16(len(text)))
		context = append(context, text...)
	}
	context = binary.BigEndian.AppendUint32(context, p.Epoch)
	return binary.BigEndian.AppendUint32(context, uint32(p.Kind)), nil
}
