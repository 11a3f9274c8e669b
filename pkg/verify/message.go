package verify

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// Message is a commit exactly as the stream stores it.
type Message struct {
	// Subject on which it is stored.
	Subject string
	// Header as stored, from "NATS/1.0" to the empty line.
	Header []byte
	// Payload as stored.
	Payload []byte
}

// MaxEntry limits an entry, in bytes, to what a tile can hold.
const MaxEntry = 1<<16 - 1

// Entry returns the leaf's input: subject, header and payload, each preceded by its length in
// four bytes, most significant first. Different messages have different entries.
func (m Message) Entry() []byte {
	return m.appendTo(make([]byte, 0, m.EntrySize()))
}

func (m Message) appendTo(entry []byte) []byte {
	entry = appendPart(entry, m.Subject)
	entry = appendPart(entry, m.Header)
	return appendPart(entry, m.Payload)
}

// EntrySize returns the length of the entry.
func (m Message) EntrySize() int {
	const lengths = 3 * 4
	return lengths + len(m.Subject) + len(m.Header) + len(m.Payload)
}

func appendPart[T string | []byte](to []byte, part T) []byte {
	to = binary.BigEndian.AppendUint32(to, uint32(len(part)))
	return append(to, part...)
}

// Leaf returns the message's leaf in the tree: the RFC 6962 hash of its entry. The message at
// position n of the log is leaf n-1.
func (m Message) Leaf() tlog.Hash {
	const mark = 0      // of a leaf, before its entry
	var room [2048]byte // on the stack, so that most leaves allocate nothing
	return sha256.Sum256(m.appendTo(append(slices.Grow(room[:0], 1+m.EntrySize()), mark)))
}

// LeafOf returns the leaf of an entry.
func LeafOf(entry []byte) tlog.Hash {
	const mark = 0
	var room [2048]byte
	return sha256.Sum256(append(append(slices.Grow(room[:0], 1+len(entry)), mark), entry...))
}

// ParseEntry parses an entry. The message shares the entry's bytes.
func ParseEntry(entry []byte) (Message, error) {
	var parts [3][]byte
	rest := entry
	for i, name := range []string{"subject", "header", "payload"} {
		var ok bool
		if parts[i], rest, ok = cutPart(rest); !ok {
			return Message{}, fmt.Errorf("the entry ends within its %s; fetch it again", name)
		}
	}
	if len(rest) > 0 {
		return Message{}, errors.New("the entry goes on after its payload; fetch it again")
	}
	return Message{Subject: string(parts[0]), Header: parts[1], Payload: parts[2]}, nil
}

func cutPart(from []byte) (part, rest []byte, ok bool) {
	if len(from) < 4 {
		return nil, nil, false
	}
	size := uint64(binary.BigEndian.Uint32(from))
	if uint64(len(from)-4) < size {
		return nil, nil, false
	}
	return from[4 : 4+size], from[4+size:], true
}
