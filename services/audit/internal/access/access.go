// Package access records who reads the history, when and for which purpose, before they get
// any of it. The record is a stream of its own, signed by audit and chained, because audit
// must not write into the history that it guards.
//
// Trusted: whoever has audit's signing key and the stream can rewrite the record. Its
// witnesses, and holders of earlier checkpoints, can detect that.
package access

import (
	"context"
	"sync"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// Record is the access log. It is safe for concurrent use, and several replicas may
// write to one stream.
type Record struct {
	log       *eventlog.Log
	aggregate *aggregate.Repository[*newest]

	mu   sync.Mutex
	head eventlog.Entry // the newest access known here; the zero entry before the first
}

// New returns the record kept in a log.
func New(log *eventlog.Log, clock clockwork.Clock) *Record {
	r := &Record{log: log}
	r.aggregate = aggregate.New(log, clock, aggregate.Kind[*newest]{
		Subject:   func(string) string { return eventlog.AccessSubject },
		Load:      func(context.Context, string) (*newest, []eventlog.Entry, error) { return &newest{r.head}, nil, nil },
		CatchUp:   r.catchUp,
		Committed: func(_ string, _ *newest, entry eventlog.Entry) error { r.head = entry; return nil },
		Contended: contended,
	})
	return r
}

// Access is one request to read the history.
type Access struct {
	// Caller is the SPIFFE URI of the peer that asks, Command the RPC's name.
	Caller, Command string
	// Purpose is the stated purpose.
	Purpose *eventv1.Purpose
	// Reading is what was requested.
	Reading *eventv1.Reading
}

// Add records an access. When it returns nil, the access is durably in the log. Errors:
// eventlog.ErrUnknown, or *refusal.Error when other writers kept winning; in both cases
// nothing may be sent to the reader.
func (r *Record) Add(ctx context.Context, a Access) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	decision := aggregate.Decision{
		Name:   a.Reading.Conversation + a.Reading.Line,
		Events: []*eventv1.Event{event.Of(&eventv1.AccessRecorded{Purpose: a.Purpose, Reading: a.Reading})},
	}
	call := aggregate.Call{Caller: a.Caller, Command: a.Command}
	return r.aggregate.Do(ctx, call, func(*newest, time.Time) (aggregate.Decision, error) { return decision, nil }).Err
}

// newest is the state of the record: its newest access.
type newest struct{ eventlog.Entry }

func (n *newest) GetHeadPosition() uint64 { return n.Position }
func (n *newest) GetHeadHash() []byte     { return previous(n.Entry) }
func (n *newest) GetCommits() uint32      { return n.Commit.GetNumber() }

// catchUp finds the newest access, which another replica may have recorded, or this process
// before a restart.
func (r *Record) catchUp(ctx context.Context, _ string, n *newest) ([]eventlog.Entry, error) {
	last, err := r.log.Last(ctx)
	if err != nil || last == n.Position {
		return nil, err
	}
	n.Entry, err = r.log.At(ctx, last)
	return []eventlog.Entry{n.Entry}, err
}

func contended(string) error {
	return refusal.Contended("others kept reading the history at the same time; ask again")
}
