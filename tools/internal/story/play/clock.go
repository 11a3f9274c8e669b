package play

import (
	"context"
	"time"

	"github.com/jonboulle/clockwork"
)

// clock controls how time passes in a story.
type clock interface {
	// reach returns at an instant of the story. On the way the desks report, always before the
	// platform next acts by itself.
	reach(ctx context.Context, at time.Time, speak func(context.Context) error) error
	// now is the time on the platform's clock.
	now() time.Time
}

// simulated moves the clock of a platform in this process.
type simulated struct {
	fake    *clockwork.FakeClock
	settled func(context.Context) error
	nextDue func() (time.Time, bool)
}

func (c simulated) now() time.Time { return c.fake.Now() }

// reach stops at every deadline until the platform has handled it, so that the platform
// sees the time it would see.
func (c simulated) reach(ctx context.Context, at time.Time, speak func(context.Context) error) error {
	for {
		if err := c.settled(ctx); err != nil {
			return err
		}
		next, waiting := c.nextDue()
		if !waiting || next.After(at) {
			break
		}
		if err := c.advance(ctx, next, speak); err != nil {
			return err
		}
	}
	return c.advance(ctx, at, speak)
}

// before is the time between the desks' last report and an instant.
const before = time.Second

func (c simulated) advance(ctx context.Context, to time.Time, speak func(context.Context) error) error {
	if d := to.Sub(c.fake.Now()) - before; d > 0 {
		c.fake.Advance(d)
	}
	if err := speak(ctx); err != nil {
		return err
	}
	if d := to.Sub(c.fake.Now()); d > 0 {
		c.fake.Advance(d)
	}
	return nil
}

// skipping never waits.
type skipping struct{}

func (skipping) now() time.Time { return time.Now() }

func (skipping) reach(ctx context.Context, _ time.Time, speak func(context.Context) error) error {
	return speak(ctx)
}

// walking waits as long as the story says.
type walking struct {
	// ahead is the offset of the real time from the story's. Zero before the story begins.
	ahead time.Duration
}

func (*walking) now() time.Time { return time.Now() }

func (c *walking) reach(ctx context.Context, at time.Time, speak func(context.Context) error) error {
	if c.ahead == 0 {
		c.ahead = time.Since(at)
	}
	for {
		if err := speak(ctx); err != nil {
			return err
		}
		left := time.Until(at.Add(c.ahead))
		timer := time.NewTimer(min(left, repeated))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
		if left <= repeated {
			return nil
		}
	}
}
