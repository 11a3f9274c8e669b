package timerqueue

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
)

// patience is how long a test waits for what must come.
const patience = 5 * time.Minute

var start = time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)

// turning is a running queue that reports what it fires and when.
type turning struct {
	*Queue
	t     *testing.T
	clock *clockwork.FakeClock
	fired chan firing
}

type firing struct {
	key string
	at  time.Duration // since the start
}

// turn starts a queue on a manual clock. The function answers each firing; nil lets all
// succeed.
func turn(t *testing.T, answer func(key string) error) *turning {
	w := &turning{t: t, clock: clockwork.NewFakeClockAt(start), fired: make(chan firing, 1000)}
	w.Queue = New(w.clock)
	run(t, w.Queue, func(_ context.Context, key string) error {
		w.fired <- firing{key, w.clock.Now().Sub(start)}
		if answer == nil {
			return nil
		}
		return answer(key)
	})
	return w
}

func run(t *testing.T, w *Queue, fire func(context.Context, string) error) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		w.Run(ctx, fire)
		close(ended)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
}

// set makes a key due some seconds after the start.
func (w *turning) set(key string, seconds float64) {
	w.Set(key, start.Add(time.Duration(seconds*float64(time.Second))))
}

// pass moves the clock in small steps, so that deadlines on the way fire on the way.
func (w *turning) pass(d time.Duration) {
	w.t.Helper()
	const step = 50 * time.Millisecond
	for ; d > 0; d -= step {
		w.clock.Advance(min(step, d))
		w.idle()
	}
}

func (w *turning) idle() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := w.Idle(ctx); err != nil {
		w.t.Fatalf("the wheel does not come to rest: %v", err)
	}
}

// expect says what has been fired since the last time.
func (w *turning) expect(want ...firing) {
	w.t.Helper()
	var got []firing
	for len(w.fired) > 0 {
		got = append(got, <-w.fired)
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("fired %v, want %v", got, want)
	}
}

func TestItFiresInOrderAtTheInstant(t *testing.T) {
	w := turn(t, nil)
	seconds := []float64{5, 1, 4, 2, 3, 10}
	for _, s := range seconds {
		w.set(fmt.Sprint(s), s)
	}
	w.pass(900 * time.Millisecond)
	w.expect()
	w.pass(4200 * time.Millisecond)
	w.expect(firing{"1", time.Second}, firing{"2", 2 * time.Second}, firing{"3", 3 * time.Second},
		firing{"4", 4 * time.Second}, firing{"5", 5 * time.Second})
	if next, ok := w.Next(); !ok || !next.Equal(start.Add(10*time.Second)) {
		t.Errorf("next is %v, %v, want 10 s after the start", next, ok)
	}
	w.pass(5 * time.Second)
	w.expect(firing{"10", 10 * time.Second})
	if next, ok := w.Next(); ok {
		t.Errorf("next is %v, want nothing", next)
	}
}

func TestWhatIsOverdueFiresAtOnce(t *testing.T) {
	w := turn(t, nil)
	w.set("overdue", -3600)
	w.idle()
	w.expect(firing{"overdue", 0})
}

func TestALeapOfTheClockFiresEachOnce(t *testing.T) {
	w := turn(t, nil)
	for i := range 100 {
		w.set(fmt.Sprint(i), float64(rand.IntN(1000)))
	}
	w.clock.Advance(time.Hour)
	w.idle()
	seen := map[string]int{}
	for len(w.fired) > 0 {
		seen[(<-w.fired).key]++
	}
	for i := range 100 {
		if seen[fmt.Sprint(i)] != 1 {
			t.Errorf("%d was fired %d times, want once", i, seen[fmt.Sprint(i)])
		}
	}
}

func TestSetReplaces(t *testing.T) {
	w := turn(t, nil)
	w.set("sooner", 5)
	w.set("later", 1)
	w.set("sooner", 2)
	w.set("later", 6)
	w.pass(10 * time.Second)
	w.expect(firing{"sooner", 2 * time.Second}, firing{"later", 6 * time.Second})
}

func TestClear(t *testing.T) {
	w := turn(t, nil)
	for i, key := range []string{"a", "b", "c", "d"} {
		w.set(key, float64(i+1))
	}
	w.Clear("b")
	w.Clear("d")
	w.Clear("unknown")
	w.pass(10 * time.Second)
	w.expect(firing{"a", time.Second}, firing{"c", 3 * time.Second})
	w.set("b", 11)
	w.pass(2 * time.Second)
	w.expect(firing{"b", 11 * time.Second})
}

func TestWhatFailsIsRepeated(t *testing.T) {
	var fails atomic.Int32
	fails.Store(3)
	w := turn(t, func(string) error {
		if fails.Add(-1) >= 0 {
			return errors.New("the log is away")
		}
		return nil
	})
	w.set("a", 1)
	w.pass(5 * time.Second)
	w.expect(firing{"a", time.Second}, firing{"a", time.Second + retryAfter}, firing{"a", time.Second + 2*retryAfter},
		firing{"a", time.Second + 3*retryAfter})
}

// held is a queue whose firings wait until they are released, except those of b.
type held struct {
	*turning
	letGo chan error
}

func hold(t *testing.T) held {
	letGo := make(chan error)
	w := held{letGo: letGo}
	w.turning = turn(t, func(key string) error {
		if key == "b" {
			return nil
		}
		return <-letGo
	})
	t.Cleanup(func() { close(letGo) })
	return w
}

func (h held) await(want firing) {
	h.t.Helper()
	select {
	case got := <-h.fired:
		if got != want {
			h.t.Fatalf("fired %v, want %v", got, want)
		}
	case <-time.After(patience):
		h.t.Fatalf("%v was not fired", want)
	}
}

func TestSetWhileFiring(t *testing.T) {
	cases := map[string]struct {
		meanwhile func(h held)
		answer    error
		again     time.Duration // when it fires again; 0: not at all
	}{
		"later":                 {func(h held) { h.set("a", 30) }, nil, 30 * time.Second},
		"later, and it fails":   {func(h held) { h.set("a", 30) }, errors.New("failed"), 30 * time.Second},
		"at once":               {func(h held) { h.set("a", 0) }, nil, time.Second},
		"the last one counts":   {func(h held) { h.set("a", 30); h.set("a", 20) }, nil, 20 * time.Second},
		"not":                   {func(held) {}, nil, 0},
		"and cleared":           {func(h held) { h.set("a", 30); h.Clear("a") }, nil, 0},
		"cleared, and it fails": {func(h held) { h.Clear("a") }, errors.New("failed"), time.Second + retryAfter},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			h := hold(t)
			h.set("a", 1)
			h.clock.Advance(time.Second)
			h.await(firing{"a", time.Second})
			c.meanwhile(h)
			h.set("b", 0) // fired while a still is
			h.await(firing{"b", time.Second})
			h.expect()
			h.letGo <- c.answer
			if c.again == 0 {
				h.idle()
				h.clock.Advance(time.Hour)
				h.idle()
				h.expect()
				return
			}
			if c.again > time.Second {
				h.idle()
				h.clock.Advance(c.again - time.Second)
			}
			h.await(firing{"a", c.again})
			h.letGo <- nil
		})
	}
}

// BenchmarkTimers sets a thousand deadlines that have passed, and waits until all have fired.
func BenchmarkTimers(b *testing.B) {
	queue := New(clockwork.NewRealClock())
	var fired sync.WaitGroup
	go queue.Run(b.Context(), func(context.Context, string) error { fired.Done(); return nil })
	for b.Loop() {
		fired.Add(1000)
		for i := range 1000 {
			queue.Set(fmt.Sprint(i), time.Now())
		}
		fired.Wait()
	}
}
