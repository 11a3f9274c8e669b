package logclock

import (
	"math/rand/v2"
	"testing"
	"time"
)

var begun = time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC)

// machine has a clock that somebody sets, and one that nobody can.
type machine struct {
	wall    time.Time
	elapsed time.Duration
}

func (m *machine) pass(d time.Duration) {
	m.wall, m.elapsed = m.wall.Add(d), m.elapsed+d
}

func (m *machine) clock() *Clock {
	return with(func() time.Time { return m.wall }, func() time.Duration { return m.elapsed })
}

func TestSettingTheClockOfAMachineChangesNothing(t *testing.T) {
	m := &machine{wall: begun, elapsed: 72 * time.Hour}
	clock := m.clock()
	for _, by := range []time.Duration{-time.Hour, 2 * time.Hour, -100 * 365 * 24 * time.Hour} {
		before := clock.Now()
		m.wall = m.wall.Add(by)
		m.pass(45 * time.Second)
		if got := clock.Since(before); got != 45*time.Second {
			t.Errorf("after the clock was set by %s, 45 s lasted %s", by, got)
		}
	}
}

func TestItFollowsTheLogForwardOnly(t *testing.T) {
	m := &machine{wall: begun}
	clock := m.clock()
	clock.Observe(begun.Add(-time.Hour))
	if got := clock.Now(); !got.Equal(begun) {
		t.Errorf("an old commit moved the clock to %s", got)
	}
	ahead := begun.Add(time.Hour)
	clock.Observe(ahead)
	m.pass(time.Second)
	if got := clock.Until(ahead.Add(3 * time.Second)); got != 2*time.Second {
		t.Errorf("%s are left, want 2s: the newest commit's time, and a second", got)
	}
}

func TestItNeverGoesBack(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 0))
	m := &machine{wall: begun}
	clock := m.clock()
	for last := clock.Now(); m.elapsed < time.Hour; last = clock.Now() {
		m.wall = begun.Add(time.Duration(random.Int64N(int64(48*time.Hour))) - 24*time.Hour)
		m.pass(time.Duration(random.Int64N(int64(time.Second))))
		clock.Observe(last.Add(time.Duration(random.Int64N(int64(4*time.Second))) - 2*time.Second))
		if now := clock.Now(); now.Before(last) {
			t.Fatalf("%s came after %s", now, last)
		}
	}
}

// The real clocks of this machine agree about how fast time passes.
func TestElapsedGoesOn(t *testing.T) {
	clock := New(time.Now)
	began := time.Now()
	<-time.After(20 * time.Millisecond)
	ours, theirs := clock.Since(began.Round(0)), time.Since(began)
	if off := (ours - theirs).Abs(); off > time.Second {
		t.Errorf("%s passed by the log's clock, %s by the system's", ours, theirs)
	}
}
