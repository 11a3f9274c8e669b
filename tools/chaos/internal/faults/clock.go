package faults

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/chaos/internal/load"
)

// settable is a clock that somebody sets. What waits on it waits in real time.
type settable struct {
	clockwork.Clock
	off atomic.Int64
}

func (c *settable) Now() time.Time                        { return c.Clock.Now().Add(time.Duration(c.off.Load())) }
func (c *settable) Since(instant time.Time) time.Duration { return c.Now().Sub(instant) }
func (c *settable) Until(instant time.Time) time.Duration { return instant.Sub(c.Now()) }

// jump is the most by which a clock is set forward or back.
const jump = 36 * time.Hour

// setClock sets the clock of a platform that runs in this process, three times.
func setClock(ctx context.Context, t *Trial) error {
	clock := &settable{Clock: clockwork.NewRealClock()}
	p, err := platform.Up(ctx, platform.Config{Data: t.in("data"), Lines: linefile.Example(), Clock: clock})
	if err != nil {
		return err
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- p.Run(running) }()
	err = t.clockSet(ctx, p, clock)
	stop()
	if failed := <-ended; err == nil {
		err = failed
	}
	return err
}

func (t *Trial) clockSet(ctx context.Context, p *platform.Platform, clock *settable) (err error) {
	if t.load, err = load.Start(p.Addresses(), platform.IdentityFolder(t.in("data"))); err != nil {
		return err
	}
	for range 3 {
		if err := t.moment(ctx); err != nil {
			return err
		}
		clock.off.Store(int64(t.between(-jump, jump)))
		if err := t.served(ctx, time.Now()); err != nil {
			return err
		}
	}
	return t.check(ctx)
}
