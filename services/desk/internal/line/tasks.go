package line

import (
	"context"
	"errors"
	"time"
)

func (l *Line) run(task func(context.Context)) {
	l.tasks.Go(func() { task(l.life) })
}

// errOver ends what always does.
var errOver = errors.New("over")

// always begins a task again whenever it ends, after a pause, until it says that it is over.
func (l *Line) always(what string, task func(context.Context) error, about ...any) {
	l.run(func(ctx context.Context) {
		for ctx.Err() == nil {
			err := task(ctx)
			if errors.Is(err, errOver) {
				return
			}
			l.fail(what, err, about...)
			rest(ctx, time.Second)
		}
	})
}

func rest(ctx context.Context, pause time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(pause):
	}
}

// What fails is tried again after a pause that grows from the first to the longest: until the proof of a
// key that was just published is there, and while the platform is away.
const firstPause, longestPause = 500 * time.Millisecond, 5 * time.Second

// repeatedly tries something until it succeeds or the conversation ends, and reports once that it fails.
func (l *Line) repeatedly(what string, e *entry, try func(context.Context) error) {
	l.run(func(ctx context.Context) {
		for pause := firstPause; l.snapshot(e).Closed.IsZero(); pause = min(2*pause, longestPause) {
			err := try(ctx)
			if err == nil || ctx.Err() != nil {
				return
			}
			if pause < longestPause && 2*pause >= longestPause {
				l.fail(what, err, "conversation", e.name)
			}
			rest(ctx, pause)
		}
	})
}
