package play

import (
	"context"
	"time"

	"github.com/jonboulle/clockwork"
)

// clock is how the time of a story passes.
type clock interface {
	// reach returns when it is an instant of the story. On the way the desks speak, in
	// time before the platform does something by itself.
	reach(ctx context.Context, at time.Time, speak func(context.Context) error) error
	// now is what the platform's clock shows.
	now() time.Time
}

// simulated moves the clock of a platform in this process.
type simulated struct {
	fake    *clockwork.FakeClock
	settled func(context.Context) error
	nextDue func() (time.Time, bool)
}

func (c simulated) now() time.Time { return c.fake.Now() }

// reach stops at every instant at which the platform does something by itself,
// until it has done it, so that it finds the time as it would be.
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

// before is how long before an instant the desks have spoken last.
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

// skipping does not wait.
type skipping struct{}

func (skipping) now() time.Time { return time.Now() }

func (skipping) reach(ctx context.Context, _ time.Time, speak func(context.Context) error) error {
	return speak(ctx)
}

// walking waits as long as the story does.
type walking struct {
	// ahead is how much later it is than in the story. Zero before it began.
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
