package verify

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"
)

// Link is what a payload states about its own place: the parts of stafett.event.v1.Commit
// that chain the commits of a subject.
type Link struct {
	Subject, Service string
	// PreviousHash is the SHA-256 of the payload of the subject's previous commit.
	PreviousHash []byte
	// Number within the subject, from 1.
	Number uint32
}

// The field numbers in stafett.event.v1.Commit.
const (
	fieldSubject      = 2
	fieldService      = 3
	fieldPreviousHash = 9
	fieldNumber       = 10
)

var errPayload = errors.New("its payload is not a commit")

// Link parses the payload. The result shares the payload's bytes.
func (m Message) Link() (l Link, err error) {
	for rest := m.Payload; len(rest) > 0; {
		number, kind, n := protowire.ConsumeTag(rest)
		if n < 0 {
			return l, errPayload
		}
		rest = rest[n:]
		if n = l.field(number, kind, rest); n < 0 {
			return l, errPayload
		}
		rest = rest[n:]
	}
	return l, nil
}

// field reads a field's value and returns its length.
func (l *Link) field(number protowire.Number, kind protowire.Type, from []byte) (n int) {
	var value []byte
	switch {
	case kind == protowire.BytesType && (number == fieldSubject || number == fieldService || number == fieldPreviousHash):
		value, n = protowire.ConsumeBytes(from)
	case kind == protowire.VarintType && number == fieldNumber:
		var v uint64
		v, n = protowire.ConsumeVarint(from)
		l.Number = uint32(v)
		return n
	default:
		return protowire.ConsumeFieldValue(number, kind, from)
	}
	switch number {
	case fieldSubject:
		l.Subject = string(value)
	case fieldService:
		l.Service = string(value)
	case fieldPreviousHash:
		l.PreviousHash = value
	}
	return n
}
