// Package order writes commands of the protocol as lines of text, so that a schedule can
// be recorded, compared and replayed:
//
//	AcknowledgeOffer line=b handover=1 offer=2 state=ALERTING
//
// An order is a line and its request. Which commands there are, what their requests hold
// and how they are made, the catalogue of package handover says.
package order

import (
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/handover/command"
)

// Order is a line's request. The zero Order is none.
type Order struct {
	// Command that is given.
	Command *command.Definition
	// Line gives the command.
	Line string
	// Handover and Offer are what it is about, counted from 1. They stand in for the name in
	// the request.
	Handover, Offer uint32
	// Consultation is what it is about instead, counted from 1.
	Consultation uint32
	// Request must not be changed once the order is given.
	Request proto.Message
	// Signed names the people who sign it, and Flaw what is wrong with the second signature.
	Signed []string
	Flaw   string
}

// Epoch is the instant at which every world begins.
var Epoch = time.Date(2026, time.October, 13, 17, 40, 0, 0, time.UTC)

// Conversation is the id of the one conversation in every world.
const Conversation = "0000000000000000000000000000000a"

// Commands are all commands that a line can give, in the order of the catalogue, but GrantAccess: no
// schedule has the keys with which grants are signed.
var Commands = func() (given []*command.Definition) {
	for _, d := range command.Definitions() {
		if d.Method != nil && d.Name != "GrantAccess" {
			given = append(given, d)
		}
	}
	return given
}()

// Of returns the order of a line.
func Of(line string, request proto.Message) Order {
	return Order{Command: command.DefinitionOf(request), Line: line, Request: request}
}

// About returns the order about a handover, and about one of its offers if that is not 0.
func (o Order) About(handover, offer uint32) Order {
	o.Handover, o.Offer = handover, offer
	return o
}

// IsOf reports whether an order is of the same command as another.
func (o Order) IsOf(request proto.Message) bool {
	return o.Request != nil && o.Request.ProtoReflect().Descriptor() == request.ProtoReflect().Descriptor()
}

// Equal reports whether two orders are the same.
func (o Order) Equal(other Order) bool {
	return o.Command == other.Command && o.Line == other.Line && o.Handover == other.Handover && o.Offer == other.Offer && o.Consultation == other.Consultation && slices.Equal(o.Signed, other.Signed) && o.Flaw == other.Flaw &&
		(o.Request == other.Request || proto.Equal(o.Request, other.Request))
}

// Hash distinguishes orders with the same request id.
func (o Order) Hash() []byte {
	var room [256]byte
	b := append(room[:0], o.Command.Name...)
	b = append(append(b, ' '), o.Line...)
	b = append(b, byte(o.Handover), byte(o.Offer), byte(o.Consultation))
	b = append(b, strings.Join(o.Signed, ",")+o.Flaw...)
	b, err := proto.MarshalOptions{Deterministic: true}.MarshalAppend(b, o.Request)
	if err != nil {
		panic("a request that cannot be sent: " + err.Error())
	}
	sum := fnv.New128a()
	sum.Write(b)
	return sum.Sum(nil)
}

// IsAbout reports whether a command concerns a handover or an offer, by its field.
func IsAbout(d *command.Definition, what protoreflect.Name) bool {
	return d.Method.Input().Fields().ByName(what) != nil
}
