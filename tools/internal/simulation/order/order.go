// Package order writes commands of the protocol as lines of text, so that a
// schedule can be noted, compared and played again:
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

// Order is a command with what it says. What a command has no use for is left
// out.
type Order struct {
	// Command is its name, such as AcceptOffer.
	Command string
	// Line gives the command. To is another line that it names.
	Line, To string
	// Person is who acts or is meant, Second who agrees.
	Person, Second string
	// Handover, Offer and Ticket are counted from 1.
	Handover, Offer, Ticket uint32
	// Code is the reason, the level or whatever else of its kind the command has.
	Code int32
	// Scopes are what a consent covers, a bit each.
	Scopes Scopes
	// At is an instant, counted from Epoch, or how long something lives.
	At time.Duration
}

// Epoch is when every world begins.
var Epoch = time.Date(2026, time.October, 13, 17, 40, 0, 0, time.UTC)

// Directory is what the platform knows of lines.
type Directory struct {
	Rank      func(*handoverv1.Conversation) *handoverv1.RoutingDecision
	Recommend func(*handoverv1.Conversation) *handoverv1.Recommendation
	Open      func(line string, channel handoverv1.Channel, at time.Time) bool
	Pass      handover.Pass
}

// Build makes the command itself. Its name must be one of Names.
func (o Order) Build(d Directory) handover.Command { return builders[o.Command](o, d) }

// Hash tells an order from another with the same request id.
func (o Order) Hash() []byte {
	var room [256]byte
	sum := fnv.New128a()
	sum.Write(o.AppendText(room[:0]))
	return sum.Sum(nil)
}

// Scopes is a set of scopes.
type Scopes uint8

// ScopesOf makes a set.
func ScopesOf(list ...handoverv1.Scope) (s Scopes) {
	for _, scope := range list {
		s |= 1 << scope
	}
	return s
}

// List is the set in order.
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
