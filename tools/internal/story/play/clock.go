package play

import (
	"context"
	"time"

	"github.com/jonboulle/clockwork"
)

// clock is how the time of a story passes.
type clock interface {
	// reach returns when it is an instant of the story.
	reach(ctx context.Context, at time.Time) error
}

// simulated moves the clock of a platform in this process.
type simulated struct {
	fake    *clockwork.FakeClock
	settled func(context.Context) error
	nextDue func() (time.Time, bool)
}

// reach stops at every instant at which the platform does something by itself,
// until it has done it, so that it finds the time as it would be.
func (c simulated) reach(ctx context.Context, at time.Time) error {
	for {
		if err := c.settled(ctx); err != nil {
			return err
		}
		next, waiting := c.nextDue()
		if !waiting || next.After(at) {
			break
		}
		c.advance(next)
	}
	c.advance(at)
	return nil
}

func (c simulated) advance(to time.Time) {
	if d := to.Sub(c.fake.Now()); d > 0 {
		c.fake.Advance(d)
	}
}

// skipping does not wait.
type skipping struct{}

func (skipping) reach(ctx context.Context, _ time.Time) error { return ctx.Err() }

// walking waits as long as the story does.
type walking struct {
	// ahead is how much later it is than in the story. Zero before it began.
	ahead time.Duration
}

func (c *walking) reach(ctx context.Context, at time.Time) error {
	if c.ahead == 0 {
		c.ahead = time.Since(at)
	}
	timer := time.NewTimer(time.Until(at.Add(c.ahead)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
