package stafett

import (
	"context"
	"log/slog"
	"sync"
)

// compared is a log handler that waits for audit to say that it has compared the whole history with
// what was signed. Nothing in the API tells that.
type compared struct {
	once *sync.Once
	done chan struct{}
}

func newCompared() compared { return compared{once: &sync.Once{}, done: make(chan struct{})} }

func (compared) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelInfo }

func (c compared) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "the whole log is as it was signed" {
		c.once.Do(func() { close(c.done) })
	}
	return nil
}

func (c compared) WithAttrs([]slog.Attr) slog.Handler { return c }

func (c compared) WithGroup(string) slog.Handler { return c }

// Compared waits until audit has compared the whole history with what was signed.
func (p *Platform) Compared(ctx context.Context) error {
	select {
	case <-p.compared:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
