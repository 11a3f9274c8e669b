package audit

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync/atomic"

	"github.com/stafett/stafett/pkg/handover"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/audit/internal/access"
	"github.com/stafett/stafett/services/internal/host"
)

// record is the record of who read, and what proves it. Where it was altered or
// cannot be kept, nothing more is told of the history, because nobody could prove
// to whom. The children's conversations go on.
type record struct {
	*access.Record
	proved   *proved // nil where it could not be opened
	logger   *slog.Logger
	unusable atomic.Bool
}

func openRecord(ctx context.Context, h host.Host) *record {
	r := &record{logger: h.Logger}
	if err := r.open(ctx, h); err != nil {
		r.giveUp(err)
	}
	return r
}

func (r *record) open(ctx context.Context, h host.Host) error {
	log, err := h.Access(ctx)
	if err != nil {
		return err
	}
	r.Record = access.New(log, h.Clock)
	r.proved, err = openProved(ctx, h, log, filepath.Join(h.Data, "accesses"), "accesses", access.Definition())
	return err
}

func (r *record) giveUp(err error) {
	r.unusable.Store(true)
	r.logger.Error("the record of who read the history is not usable, so nothing is told of the history; restore it and restart audit", "error", err)
}

// usable refuses once the record is given up.
func (r *record) usable() error {
	if !r.unusable.Load() {
		return nil
	}
	return &handover.Refusal{
		Reason:  handoverv1.RefusalReason_REFUSAL_REASON_RECORD_UNUSABLE,
		Message: "the record of who read the history is not as it was signed, or cannot be kept, so nothing is told; the operator finds the cause in audit's log",
	}
}

// Add records an access, unless the record is given up.
func (r *record) Add(ctx context.Context, a access.Access) error {
	if err := r.usable(); err != nil {
		return err
	}
	return r.Record.Add(ctx, a)
}

// Run follows and proves the record until the context ends or it is given up.
func (r *record) Run(ctx context.Context) error {
	if r.proved == nil {
		return nil
	}
	if err := r.proved.Run(ctx); err != nil {
		r.giveUp(err)
	}
	return nil
}

// Close releases the files.
func (r *record) Close() error {
	if r.proved == nil {
		return nil
	}
	return r.proved.Close()
}

// logOf is the log that is asked about, as long as it is usable.
func (s *Service) logOf(which auditv1.Log) (*proved, error) {
	if which != auditv1.Log_LOG_ACCESSES {
		return s.proved, nil
	}
	return s.record.proved, s.record.usable()
}
