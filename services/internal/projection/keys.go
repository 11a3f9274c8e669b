package projection

import (
	"encoding/binary"
	"strings"

	"github.com/google/uuid"

	"github.com/stafett/stafett/services/internal/eventlog"
)

// Key joins a text and a position into a key that sorts by text, then position.
func Key(text string, position uint64) []byte {
	return binary.BigEndian.AppendUint64(Prefix(text), position)
}

// Prefix is the beginning of a text's keys, and of no others.
func Prefix(text string) []byte { return append([]byte(text), 0) }

// KeyPosition is the position at the end of a key.
func KeyPosition(key []byte) uint64 {
	return binary.BigEndian.Uint64(key[len(key)-8:])
}

// PositionKey is a key that sorts by position.
func PositionKey(position uint64) []byte {
	return binary.BigEndian.AppendUint64(nil, position)
}

// A subject's short key begins with its kind: a conversation's id as 16 bytes, or text that ends
// with a zero. So no key is the beginning of another.
const (
	conversationKey = 'c'
	textKey         = 't'
)

// SubjectKey is a short key of a subject.
func SubjectKey(subject string) []byte {
	id, found := strings.CutPrefix(subject, eventlog.ConversationSubject(""))
	if parsed, err := uuid.Parse(id); found && err == nil && parsed.String() == id {
		return append([]byte{conversationKey}, parsed[:]...)
	}
	return append([]byte{textKey}, Prefix(subject)...)
}

// PlaceKey joins a subject and a position into a key that sorts by subject, then position.
func PlaceKey(subject string, position uint64) []byte {
	return binary.BigEndian.AppendUint64(SubjectKey(subject), position)
}

// KeySubject is the subject whose short key a key begins with.
func KeySubject(key []byte) string {
	if key[0] == conversationKey {
		return eventlog.ConversationSubject(uuid.UUID(key[1:17]).String())
	}
	subject, _, _ := strings.Cut(string(key[1:]), "\x00")
	return subject
}
