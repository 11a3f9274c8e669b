// Package integrity holds the integrity status of the history: whether audit has found that
// the log differs from what was signed. Nothing may be appended to an altered history, and the
// services may run in separate processes, so the status is in a stream of its own.
//
// Trusted: audit's signing key. Until audit has compared the whole history again, its last status counts.
// Without a readable status, the history counts as unaltered: no child has to wait because
// this stream is damaged.
package integrity

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// ErrAltered: audit has found the history altered.
var ErrAltered = errors.New("audit found that the log does not have the history that was signed, so nothing may be committed to it; see audit's log, restore the log, and start audit first")

// every is the interval at which a service reads the status: within a second of audit's finding
// nothing is committed any more.
const every = 500 * time.Millisecond

// Status is the integrity status kept in a log.
type Status struct {
	log       *eventlog.Log
	clock     clockwork.Clock
	aggregate *aggregate.Repository[*state]
}

// New returns the status kept in a log.
func New(log *eventlog.Log, clock clockwork.Clock) *Status {
	s := &Status{log: log, clock: clock}
	s.aggregate = aggregate.New(log, clock, aggregate.Kind[*state]{
		Subject: func(string) string { return eventlog.IntegritySubject },
		Load:    s.load, CatchUp: s.catchUp,
		Contended: func(string) error { return errors.New("other replicas of audit kept recording the integrity status") },
	})
	return s
}

// Record records audit's finding, unless the status already says so. It skips an unreadable
// status.
func (s *Status) Record(ctx context.Context, altered bool) error {
	return s.aggregate.Do(ctx, aggregate.Call{}, func(now *state, _ time.Time) (aggregate.Decision, error) {
		if now.readable && now.altered == altered {
			return aggregate.Decision{}, nil
		}
		return aggregate.Decision{Events: []*eventv1.Event{event.Of(&eventv1.HistoryJudged{Altered: altered})}}, nil
	}).Err
}

// Check returns ErrAltered if the history was altered.
func (s *Status) Check(ctx context.Context) error {
	last, err := s.log.Last(ctx)
	if err != nil {
		return err
	}
	altered, err := s.at(ctx, last)
	if err == nil && altered {
		return ErrAltered
	}
	return err
}

// Watch returns ErrAltered as soon as the status says so, or nil when the context ends. A log
// that does not answer changes nothing.
func (s *Status) Watch(ctx context.Context, logger *slog.Logger) error {
	ticker := s.clock.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.Chan():
		}
		switch err := s.Check(ctx); {
		case errors.Is(err, ErrAltered):
			return err
		case err != nil && ctx.Err() == nil:
			logger.Warn("the integrity status cannot be read at the moment", "error", err)
		}
	}
}

// at returns the status at a position: whether the log was altered. Before the first status it
// was not. Each status carries its own position, so that an old one cannot be replayed.
func (s *Status) at(ctx context.Context, position uint64) (altered bool, err error) {
	if position == 0 {
		return false, nil
	}
	entry, err := s.log.At(ctx, position)
	if err != nil {
		return false, err
	}
	if uint64(entry.Commit.Number) != position {
		return false, fmt.Errorf("position %d has an old status, of position %d", position, entry.Commit.Number)
	}
	return entry.Commit.Events[0].GetHistoryJudged().GetAltered(), nil
}

// state is the newest status, on which the next is decided. It has no hash chain, because an
// earlier status may be unreadable; its sequence number is its position.
type state struct {
	position uint64
	altered  bool
	readable bool
}

func (s *state) GetHeadPosition() uint64 { return s.position }
func (s *state) GetHeadHash() []byte     { return nil }
func (s *state) GetCommits() uint32      { return uint32(s.position) }

func (s *Status) load(ctx context.Context, _ string) (*state, []eventlog.Entry, error) {
	last, err := s.log.Last(ctx)
	if err != nil {
		return nil, nil, err
	}
	return s.read(ctx, last), nil, nil
}

func (s *Status) read(ctx context.Context, position uint64) *state {
	altered, err := s.at(ctx, position)
	return &state{position: position, altered: altered, readable: err == nil}
}

func (s *Status) catchUp(ctx context.Context, _ string, old *state) ([]eventlog.Entry, error) {
	last, err := s.log.Last(ctx)
	if err != nil || last == old.position {
		return nil, err
	}
	*old = *s.read(ctx, last)
	return []eventlog.Entry{{Position: last}}, nil
}
