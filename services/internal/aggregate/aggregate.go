// Package aggregate executes commands on one subject of the log: load the state, decide,
// commit on the condition that nothing else came first, and otherwise catch up and decide
// again. Conversations, lines, the access log and the integrity status are kinds of aggregates
// and share this one loop.
//
// It guarantees that a request id is executed at most once, ever; that no command is refused
// on a state that the log has moved past; and that an unknown outcome stays unknown until the
// log has settled it.
package aggregate

import (
	"context"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// State is the state of one aggregate, on which decisions are made.
type State interface {
	// GetHeadPosition is the position of the newest commit; 0 before the first.
	GetHeadPosition() uint64
	// GetHeadHash is the hash that the next commit carries.
	GetHeadHash() []byte
	// GetCommits is the number of commits in the state.
	GetCommits() uint32
}

// Kind tells the repository how to handle the aggregates of one kind.
type Kind[S State] struct {
	Subject func(id string) string
	// Load returns the state to begin with, and those of its commits that it read from the log
	// itself. The state may be stale, and belongs to the caller.
	Load func(ctx context.Context, id string) (S, []eventlog.Entry, error)
	// CatchUp brings a state up to the end of its subject, and returns what was newer.
	CatchUp func(ctx context.Context, id string, state S) ([]eventlog.Entry, error)
	// Receipt finds the receipt of a request among the state's other commits. It returns nil if
	// none of them is the request's. May be nil if callers have no request ids, or Load always
	// begins with the first commit.
	Receipt func(ctx context.Context, id string, requestID []byte) (*handover.Receipt, error)
	// Committed receives each commit of this repository and the state it was decided on. May
	// be nil.
	Committed func(id string, state S, entry eventlog.Entry) error
	Contended func(id string) error
}

// Call identifies a command: who wants what from which aggregate.
type Call struct {
	// Target is the aggregate's id.
	Target string
	// Caller is the SPIFFE URI of the peer.
	Caller string
	// Command is the RPC's name, or that of an inner command.
	Command string
	// RequestID is the command's id as 16 bytes; empty for the service's own.
	RequestID []byte
	// RequestHash tells a repeated request from a different one with the same id.
	RequestHash []byte
}

// Decision is the effect of a command.
type Decision struct {
	// Name of the resource that the command creates or changes.
	Name string
	// Events in order. Empty if everything already is as the command wants it.
	Events []*eventv1.Event
	// Reserve reserves what the events need from other aggregates, before they are committed.
	// It makes one attempt (Try), because the caller's loop has the bound: the next decision
	// does without whatever it cannot get. It may run more than once per command. Nil if
	// nothing is needed.
	Reserve func(ctx context.Context) Outcome
}

// Decide answers a command on a state at an instant. An error refuses the command. It is
// called again for every attempt, and must not change the state.
type Decide[S State] func(state S, now time.Time) (Decision, error)

// Repository executes commands on the aggregates of one kind. It is safe for concurrent use.
type Repository[S State] struct {
	log   *eventlog.Log
	clock clockwork.Clock
	kind  Kind[S]
}

// New returns the repository of a kind.
func New[S State](log *eventlog.Log, clock clockwork.Clock, kind Kind[S]) *Repository[S] {
	return &Repository[S]{log: log, clock: clock, kind: kind}
}
