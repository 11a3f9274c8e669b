// Package verdict tells every service what audit has found by comparing the
// history with what was signed of it. Nothing may be appended to a history that was
// altered, also by services that are processes of their own.
//
// Trusted: audit's signing key. While audit has not compared yet, its last verdict
// counts, and without one that can be read the history is taken to be as it was signed:
// no child is to wait because this stream is damaged.
package verdict

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// ErrAltered: audit says that the history was altered.
var ErrAltered = errors.New("audit has found that the log does not have the history that was signed, so nothing may be appended to it; see what audit says, restore the log, and start audit first")

// every is how often a service looks for a new verdict.
const every = 5 * time.Second

// Verdict is what audit says of the history.
type Verdict struct {
	log   *eventlog.Log
	clock clockwork.Clock
}

// New is the verdict that lies in a log.
func New(log *eventlog.Log, clock clockwork.Clock) Verdict { return Verdict{log, clock} }

// Give records what audit has found, unless it said so before. What lies there and
// cannot be read is passed over.
func (v Verdict) Give(ctx context.Context, altered bool) error {
	last, err := v.log.Last(ctx)
	if err != nil {
		return err
	}
	if said, err := v.at(ctx, last); err == nil && said == altered {
		return nil
	}
	_, err = v.log.Append(ctx, &eventv1.Commit{
		Id: uuid.NewString(), Subject: eventlog.VerdictSubject, Number: uint32(last + 1),
		RecordTime: timestamppb.New(v.clock.Now()),
		Events:     []*eventv1.Event{event.Of(&eventv1.HistoryJudged{Altered: altered})},
	}, last)
	if errors.Is(err, eventlog.ErrConflict) { // another replica of audit was faster
		return v.Give(ctx, altered)
	}
	return err
}

// Check returns ErrAltered if that is what audit says.
func (v Verdict) Check(ctx context.Context) error {
	last, err := v.log.Last(ctx)
	if err != nil {
		return err
	}
	altered, err := v.at(ctx, last)
	if err == nil && altered {
		return ErrAltered
	}
	return err
}

// Watch returns ErrAltered as soon as audit says so, or nil when the context ends. A
// log that does not answer says nothing.
func (v Verdict) Watch(ctx context.Context, logger *slog.Logger) error {
	ticker := v.clock.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.Chan():
		}
		switch err := v.Check(ctx); {
		case errors.Is(err, ErrAltered):
			return err
		case err != nil && ctx.Err() == nil:
			logger.Warn("what audit says of the history cannot be read at the moment", "error", err)
		}
	}
}

// at is what the verdict at a position says: whether the log was altered. Before the
// first, it was not. Each says its own position, so that an old one cannot be said again.
func (v Verdict) at(ctx context.Context, position uint64) (altered bool, err error) {
	if position == 0 {
		return false, nil
	}
	entry, err := v.log.At(ctx, position)
	if err != nil {
		return false, err
	}
	if uint64(entry.Commit.Number) != position {
		return false, fmt.Errorf("the verdict at position %d is an old one, of position %d", position, entry.Commit.Number)
	}
	return entry.Commit.Events[0].GetHistoryJudged().GetAltered(), nil
}
