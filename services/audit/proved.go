package audit

import (
	"context"
	"errors"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/services/internal/dependencies"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/history"
	"github.com/stafett/stafett/services/internal/projection"
)

// proved is a log that is read and proved: the history itself, or the access log.
type proved struct {
	model   *projection.Model
	history *history.History
}

// openProved compares the end of a log with what was signed, and opens its files in a folder.
// Both logs ask the same witnesses. Errors: history.ErrAltered.
func openProved(ctx context.Context, deps dependencies.Set, log *eventlog.Log, folder, name string, kept []byte, d projection.Definition) (*proved, error) {
	opened, err := history.Open(ctx, history.Config{
		Folder: folder, Policy: filepath.Join(deps.Data, history.PolicyFile),
		Origin: deps.Domain() + "/" + name, Stream: log.Stored(), Kept: kept, Logger: deps.Logger.With("log", name),
	})
	if err != nil {
		return nil, err
	}
	model, err := deps.Projections.Open(ctx, filepath.Join(folder, projection.File), log, d)
	if err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	return &proved{model: model, history: opened}, nil
}

// Run follows the log and publishes checkpoints of it.
func (p *proved) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return p.model.Run(ctx) })
	group.Go(func() error { return p.history.Run(ctx, p.model) })
	return group.Wait()
}

// Close releases the files.
func (p *proved) Close() error { return errors.Join(p.model.Close(), p.history.Close()) }
