package audit

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stafett/stafett/pkg/refusal"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/services/audit/internal/access"
	"github.com/stafett/stafett/services/internal/dependencies"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/history"
)

// record is the access log, with its proofs. It opens while the service runs, so that
// only readers wait for it. If it was altered, audit serves nothing more of the history,
// because it could no longer prove to whom. Conversations go on.
type record struct {
	deps dependencies.Set
	kept atomic.Pointer[keptRecord] // nil while it cannot be kept
	// waiting is closed, by decided, after the first attempt to open it.
	waiting <-chan struct{}
	decided func()
	altered atomic.Bool
}

type keptRecord struct {
	*access.Record
	*proved
}

func newRecord(deps dependencies.Set) *record {
	waiting := make(chan struct{})
	return &record{deps: deps, waiting: waiting, decided: sync.OnceFunc(func() { close(waiting) })}
}

const (
	// reopen is the delay before another attempt to open a record that could not be kept.
	reopen = 5 * time.Second
	// opensWithin is how long a reader waits for it after startup.
	opensWithin = 3 * time.Second
)

// Run opens, follows and proves the record until the context ends or the record is found to be
// altered.
func (r *record) Run(ctx context.Context) error {
	for {
		err := r.keep(ctx)
		altered := errors.Is(err, history.ErrAltered) || errors.Is(err, eventlog.ErrUnsound)
		if altered && ctx.Err() == nil {
			r.giveUp(err)
		}
		r.decided()
		if altered || ctx.Err() != nil {
			return nil
		}
		r.deps.Logger.Error("the access log cannot be written, so nobody can read the history; retrying", "error", err)
		select {
		case <-ctx.Done():
			return nil
		case <-r.deps.Clock.After(reopen):
		}
	}
}

// keep opens the record, compares all of it with what was signed, and follows it. It leaves it open when the context ends, because calls
// may still be running; Close closes it.
func (r *record) keep(ctx context.Context) error {
	log, err := r.deps.Access(ctx)
	if err != nil {
		return err
	}
	opened, err := openProved(ctx, r.deps, log, filepath.Join(r.deps.Data, "accesses"), "accesses", nil, access.Definition())
	if err != nil {
		return err
	}
	if err := opened.history.Compare(ctx); err != nil {
		return errors.Join(err, opened.Close())
	}
	r.kept.Store(&keptRecord{access.New(log, r.deps.Clock), opened})
	r.decided()
	err = opened.Run(ctx)
	if ctx.Err() != nil {
		return err
	}
	r.kept.Store(nil)
	return errors.Join(err, opened.Close())
}

func (r *record) giveUp(err error) {
	r.altered.Store(true)
	r.deps.Logger.Error("the access log was altered, so nobody can read the history; restore it and restart audit", "error", err)
}

// open returns the record, waiting for it after startup. It refuses while the record cannot be
// kept, and permanently once it is found to be altered.
func (r *record) open(ctx context.Context) (*keptRecord, error) {
	ctx, cancel := context.WithTimeout(ctx, opensWithin)
	defer cancel()
	select {
	case <-r.waiting:
	case <-ctx.Done():
	}
	kept := r.kept.Load()
	switch {
	case r.altered.Load():
		return nil, refusal.RecordUnusable("the access log is not as it was signed, so nobody can read the history; the operator finds the cause in audit's log")
	case kept == nil:
		return nil, notReady("accesses cannot be recorded at the moment, so nobody can read the history; ask again in a few seconds; if that does not help, the operator finds the cause in audit's log")
	}
	return kept, nil
}

// Add records an access.
func (r *record) Add(ctx context.Context, a access.Access) error {
	kept, err := r.open(ctx)
	if err != nil {
		return err
	}
	return kept.Add(ctx, a)
}

// Close releases the files.
func (r *record) Close() error {
	if kept := r.kept.Load(); kept != nil {
		return kept.Close()
	}
	return nil
}

// logOf is the log that a request asks about.
func (s *Service) logOf(ctx context.Context, which auditv1.Log) (*proved, error) {
	if which != auditv1.Log_LOG_ACCESSES {
		return s.proved, nil
	}
	kept, err := s.record.open(ctx)
	if err != nil {
		return nil, err
	}
	return kept.proved, nil
}
