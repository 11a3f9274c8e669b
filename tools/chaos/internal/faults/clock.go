package faults

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/chaos/internal/load"
)

// wall is a machine's clock that somebody sets.
type wall struct{ off atomic.Int64 }

func (w *wall) now() time.Time { return time.Now().Add(time.Duration(w.off.Load())) }

// jump is the most by which a clock is set forward or back.
const jump = 36 * time.Hour

// setClock sets the machine's clock of a platform that runs in this process, three times.
func setClock(ctx context.Context, t *Trial) error {
	clock := &wall{}
	p, err := platform.Up(ctx, platform.Config{Data: t.in("data"), Lines: linefile.Example(), Wall: clock.now})
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

func (t *Trial) clockSet(ctx context.Context, p *platform.Platform, clock *wall) (err error) {
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
