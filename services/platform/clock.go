package platform

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/services/internal/logclock"
)

// keepTime makes the service's clock follow the log's time. The first service of a process refuses a
// machine whose clock differs from the nats-server's: nothing starts by a clock that may be wrong. A
// clock that is moved by hand is left alone.
func (r *running) keepTime(ctx context.Context) error {
	clock, ok := r.clock.(*logclock.Clock)
	if !ok {
		return nil
	}
	r.log = r.log.ObservedBy(clock.Observe)
	if r.timed {
		return nil
	}
	asked := clock.Wall()
	server, err := r.log.ServerTime(ctx)
	if err != nil {
		return err
	}
	if by := beyond(server, asked, clock.Wall()); by > logclock.Tolerance {
		return fmt.Errorf("the clock of this machine and that of the nats-server differ by %s; set both by the same time server, and start again", by.Round(time.Millisecond))
	}
	return r.log.ObserveEnd(ctx)
}

// beyond is how far an instant is outside of the time between two others.
func beyond(instant, from, to time.Time) time.Duration {
	return max(from.Sub(instant), instant.Sub(to), 0)
}

// reportWall says when the machine's clock begins to differ from the log's, and when it no longer
// does. Nothing else depends on it: what runs goes on by the log's clock.
func reportWall(ctx context.Context, clock clockwork.Clock, logger *slog.Logger) error {
	logs, ok := clock.(*logclock.Clock)
	if !ok {
		return nil
	}
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for wrong := false; ; {
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
		off := logs.Wall().Sub(logs.Now())
		if now := off.Abs() > logclock.Tolerance; now != wrong {
			wrong = now
			sayWall(logger, wrong, off)
		}
	}
}

func sayWall(logger *slog.Logger, wrong bool, off time.Duration) {
	if !wrong {
		logger.Info("the clock of this machine agrees with the log's again")
		return
	}
	logger.Error("the clock of this machine is wrong; deadlines and opening hours go by the log's clock, which nobody can set; set this one by a time server",
		"ahead", off.Round(time.Millisecond).String())
}
