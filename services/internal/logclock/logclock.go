// Package logclock tells the time of the log: the newest time that was read from it, plus what
// has passed since on a clock that nobody can set and that counts sleep. Setting a machine's
// clock neither stretches, shortens nor loses a deadline.
package logclock

import (
	"sync"
	"time"

	"github.com/jonboulle/clockwork"
)

// Tolerance is by how much clocks may differ.
const Tolerance = 2 * time.Second

// Clock is the log's time. It never goes back. Timers wait in real time.
type Clock struct {
	clockwork.Clock
	wall    func() time.Time
	elapsed func() time.Duration

	mu   sync.Mutex
	base time.Time
	read time.Duration // what had elapsed at base
}

// New returns a clock that begins at what the wall clock says now. Nil: time.Now.
func New(wall func() time.Time) *Clock {
	if wall == nil {
		wall = time.Now
	}
	return with(wall, elapsed)
}

func with(wall func() time.Time, elapsed func() time.Duration) *Clock {
	return &Clock{
		Clock: clockwork.NewRealClock(), wall: wall, elapsed: elapsed,
		base: wall().Round(0), read: elapsed(),
	}
}

// Now is the time of the log.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time { return c.base.Add(c.elapsed() - c.read) }

// Since is the log's time that has passed since an instant.
func (c *Clock) Since(instant time.Time) time.Duration { return c.Now().Sub(instant) }

// Until is the log's time that is left until an instant.
func (c *Clock) Until(instant time.Time) time.Duration { return instant.Sub(c.Now()) }

// Observe moves the clock forward to a time that the log has, if it is behind.
func (c *Clock) Observe(recorded time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if recorded.After(c.base) && recorded.After(c.now()) { // most commits of a log are old
		c.base, c.read = recorded, c.elapsed()
	}
}

// Wall is what the machine's clock says.
func (c *Clock) Wall() time.Time { return c.wall() }
