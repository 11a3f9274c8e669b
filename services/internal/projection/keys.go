package projection

import "encoding/binary"

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
