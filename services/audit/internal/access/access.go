// Package access records who reads the history, when and for which purpose,
// before they are told anything. The record is a stream of its own, signed by
// audit and chained, because audit must not write into the history that it
// guards.
//
// Trusted: whoever has audit's signing key and the stream can write the record
// anew. Its witnesses, and those who keep a checkpoint of it, see it.
package access

import (
	"context"
	"errors"
	"sync"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// Record is the record of reading. It is safe for concurrent use, and several
// replicas may write one stream.
type Record struct {
	log   *eventlog.Log
	clock clockwork.Clock

	mu   sync.Mutex
	head eventlog.Entry // the newest access; the zero entry before the first
}

// New is the record that lies in a log.
func New(log *eventlog.Log, clock clockwork.Clock) *Record {
	return &Record{log: log, clock: clock}
}

// Access is one question about the history.
type Access struct {
	// Caller is the SPIFFE URI of who asks, Command the RPC's name.
	Caller, Command string
	// Purpose is what for, as it was stated.
	Purpose *eventv1.Purpose
	// Reading is what was asked for.
	Reading *eventv1.Reading
}

// Add records an access. Once it returns nil, the log has it for good. Errors:
// eventlog.ErrUnknown, and *handover.Refusal where others kept being faster;
// then nothing may be told.
func (r *Record) Add(ctx context.Context, a Access) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	rivals := eventlog.NewPatience()
	for range eventlog.Attempts {
		entry, err := r.log.Append(ctx, r.toCommit(a), r.head.Position)
		if err == nil {
			r.head = entry
			return nil
		}
		if !errors.Is(err, eventlog.ErrConflict) {
			return err
		}
		if err := r.catchUp(ctx); err != nil {
			return err
		}
		rivals.Wait(ctx)
	}
	return &handover.Refusal{
		Reason:  handoverv1.RefusalReason_REFUSAL_REASON_CONTENDED,
		Message: "others kept reading the history at the same moment; ask again",
	}
}

func (r *Record) toCommit(a Access) *eventv1.Commit {
	return &eventv1.Commit{
		Id: uuid.NewString(), Subject: eventlog.AccessSubject, Number: r.head.Commit.GetNumber() + 1,
		RecordTime: timestamppb.New(r.clock.Now()), Caller: a.Caller, Command: a.Command,
		Name:         a.Reading.Conversation + a.Reading.Line,
		Events:       []*eventv1.Event{event.Of(&eventv1.AccessRecorded{Purpose: a.Purpose, Reading: a.Reading})},
		PreviousHash: previous(r.head),
	}
}

// catchUp finds the newest access, which another replica has recorded or this
// one in an earlier life.
func (r *Record) catchUp(ctx context.Context) error {
	last, err := r.log.Last(ctx)
	if err != nil || last == 0 {
		return err
	}
	r.head, err = r.log.At(ctx, last)
	return err
}
