// Package order writes commands of the protocol as lines of text, so that a schedule can
// be recorded, compared and replayed:
//
//	DeclineOffer line=b handover=1 offer=2 code=NO_CAPACITY
package order

import (
	"encoding/binary"
	"hash/fnv"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Order is a command with its arguments. Unused fields are zero.
type Order struct {
	// Command is its name, such as AcceptOffer.
	Command string
	// Line gives the command. To is another line that the command names.
	Line, To string
	// Person is the one who acts or is meant, Second the one who agrees.
	Person, Second string
	// Handover, Offer and Ticket are counted from 1.
	Handover, Offer, Ticket uint32
	// Code is the command's reason, level or other enum value.
	Code int32
	// Scopes are the scopes of a consent, one bit each.
	Scopes Scopes
	// At is an instant relative to Epoch, or a lifetime.
	At time.Duration
}

// Epoch is the instant at which every world begins.
var Epoch = time.Date(2026, time.October, 13, 17, 40, 0, 0, time.UTC)

// Directory is the platform's directory of lines.
type Directory struct {
	Rank      func(*handoverv1.Conversation) *handoverv1.RoutingDecision
	Recommend func(*handoverv1.Conversation) *handoverv1.Recommendation
	Open      func(line string, channel handoverv1.Channel, at time.Time) bool
	Skip      handover.Skip
}

// Build returns the command. The order's name must be one of Names.
func (o Order) Build(d Directory) handover.Command { return builders[o.Command](o, d) }

// Hash distinguishes orders with the same request id.
func (o Order) Hash() []byte {
	var room [256]byte
	sum := fnv.New128a()
	sum.Write(o.AppendText(room[:0]))
	return sum.Sum(nil)
}

type Scopes uint8

func ScopesOf(list ...handoverv1.Scope) (s Scopes) {
	for _, scope := range list {
		s |= 1 << scope
	}
	return s
}

// List returns the scopes in ascending order.
func (s Scopes) List() (list []handoverv1.Scope) {
	for scope := handoverv1.Scope_SCOPE_INTRO; scope <= handoverv1.Scope_SCOPE_FEEDBACK_OUTCOME; scope++ {
		if s&(1<<scope) != 0 {
			list = append(list, scope)
		}
	}
	return list
}

// secret is the hash of a ticket's link or of its digits.
func secret(ticket uint32, kind byte) []byte {
	hash := make([]byte, 32)
	hash[0] = kind
	binary.BigEndian.PutUint32(hash[28:], ticket)
	return hash
}
