package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/stafett/stafett/tools/bench/internal/report"
	"github.com/stafett/stafett/tools/bench/internal/stafett"
	"github.com/stafett/stafett/tools/internal/progress"
)

// bench has all that is compared, running.
type bench struct {
	sizes
	progress progress.Line
	ours     *stafett.Platform
	client   *commander
	raw      *raw
	echo     *echo
	rows     []report.Row
}

// measured measures everything, or handovers beside PostgreSQL only. With an error it returns
// the rows that it has.
func measured(ctx context.Context, s sizes, postgresOnly bool) (_ []report.Row, err error) {
	data, err := os.MkdirTemp("", "stafett-bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(data)
	b := &bench{sizes: s, progress: progress.To(os.Stderr)}
	defer func() { err = errors.Join(err, b.close()) }()
	if err := b.open(ctx, data); err != nil {
		return nil, err
	}
	steps := []func(context.Context) error{b.lone, b.crowds, b.offers, b.offersAtOnce, b.longConversation, b.neighbours, b.replays, b.decisions, b.seals, b.sealedHandovers, b.histories, b.besidePostgresIfThere}
	if postgresOnly {
		steps = []func(context.Context) error{b.besidePostgres}
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return b.rows, err
		}
		b.progress.Clear()
	}
	return b.rows, nil
}

func (b *bench) open(ctx context.Context, data string) (err error) {
	if b.raw, err = openRaw(filepath.Join(data, "raw")); err != nil {
		return err
	}
	if b.ours, err = stafett.Start(ctx, filepath.Join(data, "stafett"), nil); err != nil {
		return err
	}
	if b.echo, err = openEcho(b.ours); err != nil {
		return err
	}
	b.client, err = newCommander(b.ours, 0)
	return err
}

func (b *bench) close() error {
	if b.raw != nil {
		b.raw.close()
	}
	if b.echo != nil {
		b.echo.close()
	}
	if b.ours == nil {
		return nil
	}
	return b.ours.Stop()
}

func (b *bench) add(rows ...report.Row) { b.rows = append(b.rows, rows...) }
