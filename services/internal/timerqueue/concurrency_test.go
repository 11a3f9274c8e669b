package timerqueue

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jonboulle/clockwork"
)

// TestAKeyIsNeverFiredTwiceAtOnce while it is set from everywhere.
func TestAKeyIsNeverFiredTwiceAtOnce(t *testing.T) {
	var running, fired [4]atomic.Int32
	clock := clockwork.NewRealClock()
	fire := func(_ context.Context, key string) error {
		n := key[0] - '0'
		if running[n].Add(1) > 1 {
			t.Errorf("%s is fired twice at once", key)
		}
		defer running[n].Add(-1)
		if fired[n].Add(1)%3 == 0 {
			return errors.New("now and then one fails")
		}
		return nil
	}
	w := New(clock)
	run(t, w, fire)
	var setting sync.WaitGroup
	for worker := range 8 {
		setting.Go(func() {
			for i := range 500 {
				key := fmt.Sprint((i + worker) % len(running))
				w.Set(key, clock.Now())
				if i%50 == 49 {
					w.Clear(key)
				}
			}
		})
	}
	setting.Wait()
	for key := range running {
		w.Set(fmt.Sprint(key), clock.Now())
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := w.Idle(ctx); err != nil {
		t.Fatal(err)
	}
	for key := range fired {
		if fired[key].Load() == 0 {
			t.Errorf("%d was never fired", key)
		}
	}
}

// TestManyAreFiredAtOnceButNotAll: one that hangs does not hold up the others.
func TestManyAreFiredAtOnceButNotAll(t *testing.T) {
	h := hold(t)
	for i := range workers + 2 {
		h.set(fmt.Sprint(i), float64(i)/1000)
	}
	h.clock.Advance(time.Second)
	for i := range workers {
		select {
		case <-h.fired:
		case <-time.After(patience):
			t.Fatalf("only %d were fired at once, want %d", i, workers)
		}
	}
	h.expect()
	h.letGo <- nil
	<-h.fired
	for range workers {
		h.letGo <- nil
	}
	<-h.fired
	h.letGo <- nil
	h.idle()
}

func TestIdleWaitsForWhatIsBeingFired(t *testing.T) {
	h := hold(t)
	h.idle()
	h.set("a", 0)
	h.await(firing{"a", 0})
	soon, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := h.Idle(soon); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("idle while firing: %v", err)
	}
	h.letGo <- nil
	h.idle()
}

// TestIdleHearsOfClear: a passed deadline is cleared before it fires. The queue is not running
// here, so nothing else can end the waiting.
func TestIdleHearsOfClear(t *testing.T) {
	for name, change := range map[string]func(*Queue){
		"cleared":   func(w *Queue) { w.Clear("a") },
		"put later": func(w *Queue) { w.Set("a", start.Add(time.Hour)) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := New(clockwork.NewFakeClockAt(start))
				w.Set("a", start)
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
				defer cancel()
				idle := make(chan error, 1)
				go func() { idle <- w.Idle(ctx) }()
				synctest.Wait()
				change(w)
				if err := <-idle; err != nil {
					t.Errorf("still waits: %v", err)
				}
			})
		})
	}
}

// TestRunEndsWhenAllFiringHasEnded so that files can be closed after it.
func TestRunEndsWhenAllFiringHasEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ended bool
		w := New(clockwork.NewRealClock())
		fire := func(ctx context.Context, _ string) error {
			<-ctx.Done()
			time.Sleep(time.Second)
			ended = true
			return ctx.Err()
		}
		ctx, cancel := context.WithCancel(t.Context())
		w.Set("a", time.Now())
		go func() {
			time.Sleep(time.Minute)
			cancel()
		}()
		w.Run(ctx, fire)
		if !ended {
			t.Error("Run ended while something was being fired")
		}
	})
}

// TestASleepingQueueFiresInTime on the bubble's own clock: days of waiting, no
// drift.
func TestASleepingQueueFiresInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		fired := make(chan time.Duration, 10)
		w := New(clockwork.NewRealClock())
		fire := func(context.Context, string) error {
			fired <- time.Since(begun)
			return nil
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go w.Run(ctx, fire)
		for _, after := range []time.Duration{time.Millisecond, 90 * time.Minute, 48 * time.Hour} {
			w.Set("a", begun.Add(after))
			if got := <-fired; got != after {
				t.Errorf("fired after %v, want %v", got, after)
			}
		}
		cancel()
		synctest.Wait()
	})
}
