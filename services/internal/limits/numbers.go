// Package limits bounds what one caller may cost a service: how often it calls, how many
// connections and streams it holds, and how much its streams read. What it bounds is the
// caller, named by its certificate, so that a line whose system runs wild slows down only itself.
//
// The numbers are in docs/limits.md, which a test compares with them.
package limits

import (
	"time"

	accessv1 "github.com/stafett/stafett/proto/stafett/access/v1"
	"github.com/stafett/stafett/services/internal/identity"
)

const (
	// ConnectionsPerCaller is how many connections a caller may hold. One more closes the oldest
	// without a running call, or else the oldest: the newest always gets in, so that a caller
	// can always call help.
	ConnectionsPerCaller = 32
	// Nameless is how many connections may be without a certificate, or in their handshake.
	Nameless = 500
	// NamelessFor is how long a connection without a certificate lasts: long enough to be
	// told why it is refused.
	NamelessFor = 10 * time.Second
	// Handshake is how long a connection may take until its first call is possible.
	Handshake = 5 * time.Second
	// StreamsPerConnection bounds calls and streams together. Clients queue what is beyond.
	StreamsPerConnection = 512
	// WatchesPerConnection leaves room on a connection for calls beside the streams.
	WatchesPerConnection = 400
	// WatchesPerCaller bounds a caller's streams over all its connections.
	WatchesPerCaller = 1000
	// RefusalTakes is how long the server stops reading a connection after refusing a call on it, so that
	// refusing a flood leaves the processors to others. A call for help on the same connection waits behind
	// at most StreamsPerConnection refusals.
	RefusalTakes = time.Millisecond
	// Headers is the largest accepted header list of a call in bytes.
	Headers = 16 << 10
)

// Allowance is a token bucket: calls a second over time, and how many may come at once.
type Allowance struct{ PerSecond, Burst int }

// watched bounds what the streams of one caller read together, in items.
var watched = Allowance{2000, 5000}

// Allowances are the calls that one caller may make of each service, by its kind and the
// class of the RPC. A class that is missing is not limited.
var Allowances = map[identity.Kind]map[accessv1.Limit]Allowance{
	identity.Line:     everybody,
	identity.Service:  everybody,
	identity.Operator: everybody,
	identity.Auditor: {
		accessv1.Limit_LIMIT_READ:   {500, 5000},
		accessv1.Limit_LIMIT_SEARCH: {20, 100},
		accessv1.Limit_LIMIT_WATCH:  {20, 100},
	},
}

var everybody = map[accessv1.Limit]Allowance{
	accessv1.Limit_LIMIT_OPENING: {10, 200},
	accessv1.Limit_LIMIT_COMMAND: {100, 500},
	accessv1.Limit_LIMIT_READ:    {200, 1000},
	accessv1.Limit_LIMIT_SEARCH:  {20, 100},
	accessv1.Limit_LIMIT_WATCH:   {50, 1000},
}
