// Package aggregate carries out commands on one subject of the log: load the
// state, decide, commit on the condition that nothing else came first, and
// otherwise catch up and decide again. Conversations, lines, the access log and
// the integrity status are kinds of aggregates and share this one loop.
//
// What it guarantees: a request id is carried out once, for good; nothing is
// refused on a state that the log has gone beyond; an outcome that is not known
// stays unknown until the log has told it.
package aggregate

import (
	"context"
	"time"

	"github.com/jonboulle/clockwork"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// State is what decisions about one aggregate are made on.
type State interface {
	// GetHeadPosition is the position of the newest commit; 0 before the first.
	GetHeadPosition() uint64
	// GetHeadHash is the hash that the next commit carries.
	GetHeadHash() []byte
	// GetCommits is how many commits the state is made of.
	GetCommits() uint32
	// GetReceipts are the requests that were carried out.
	GetReceipts() []*handoverv1.Receipt
}

// Kind is what the repository must know of the aggregates of one kind.
type Kind[S State] struct {
	// Subject is the subject of an aggregate.
	Subject func(id string) string
	// Load returns the state to begin with. It may be old, and belongs to the caller.
	Load func(ctx context.Context, id string) (S, error)
	// CatchUp brings a state up to the end of its subject, and reports whether
	// the log had anything newer.
	CatchUp func(ctx context.Context, id string, state S) (moved bool, err error)
	// Committed is given each own commit and the state it was decided on. Nil:
	// nobody needs it.
	Committed func(id string, state S, entry eventlog.Entry) error
	// Contended is the error of a command whose attempts ran out.
	Contended func(id string) error
}

// Call is who wants what of which aggregate.
type Call struct {
	// Target is the aggregate's id.
	Target string
	// Caller is the SPIFFE URI of the peer.
	Caller string
	// Command is the RPC's name, or that of an inner command.
	Command string
	// RequestID is the command's id as 16 bytes; empty for the service's own.
	RequestID []byte
	// RequestHash tells the same request from another with the same id.
	RequestHash []byte
}

// Decision is what a command makes happen.
type Decision struct {
	// Name of the resource that the command makes or changes.
	Name string
	// Events in order. None when everything is already as the command wants it.
	Events []*eventv1.Event
	// Reserve takes what the events need of other aggregates, before they are
	// committed. It makes one attempt (Try), because the plan has the bound:
	// whatever it does not get, the plan decides again without. It may run more
	// than once for one command. Nil: nothing is needed.
	Reserve func(ctx context.Context) Outcome
}

// Decide answers a command on a state at an instant. An error refuses it. It is
// called again for every attempt, and must not change the state.
type Decide[S State] func(state S, now time.Time) (Decision, error)

// Repository carries out commands on the aggregates of one kind. It is safe for
// concurrent use.
type Repository[S State] struct {
	log   *eventlog.Log
	clock clockwork.Clock
	kind  Kind[S]
}

// New makes the repository of a kind.
func New[S State](log *eventlog.Log, clock clockwork.Clock, kind Kind[S]) *Repository[S] {
	return &Repository[S]{log: log, clock: clock, kind: kind}
}
