// Package timerqueue fires deadlines. They are derived from the log, so a queue is filled
// again after every start. A deadline may fire early, late or twice, and on several replicas:
// its handler checks the clock and the state, and does nothing if there is nothing to do.
package timerqueue

import (
	"container/heap"
	"context"
	"sync"
	"time"

	"github.com/jonboulle/clockwork"
)

// retryAfter is the delay before a failed firing is repeated.
const retryAfter = 250 * time.Millisecond

// workers is how many conversations are processed at once.
const workers = 128

// Queue fires keys at the instants they are set to.
type Queue struct {
	clock clockwork.Clock

	mu     sync.Mutex
	queue  queue
	timers map[string]*timer
	firing map[string]bool
	later  map[string]time.Time // set during the firing, to apply after it
	awake  chan struct{}
	idle   chan struct{}
}

// New returns an empty queue.
func New(clock clockwork.Clock) *Queue {
	return &Queue{
		clock: clock, timers: map[string]*timer{}, firing: map[string]bool{},
		later: map[string]time.Time{}, awake: make(chan struct{}, 1), idle: make(chan struct{}),
	}
}

// Set makes a key fire at an instant, replacing any earlier one.
func (q *Queue) Set(key string, due time.Time) {
	q.mu.Lock()
	if q.firing[key] {
		q.later[key] = due
	} else {
		q.put(key, due)
	}
	q.changed()
	q.mu.Unlock()
	q.wake()
}

func (q *Queue) put(key string, due time.Time) {
	if s, ok := q.timers[key]; ok {
		s.due = due
		heap.Fix(&q.queue, s.index)
		return
	}
	s := &timer{key: key, due: due}
	q.timers[key] = s
	heap.Push(&q.queue, s)
}

// Clear removes a key's timer.
func (q *Queue) Clear(key string) {
	q.mu.Lock()
	delete(q.later, key)
	if s, ok := q.timers[key]; ok {
		heap.Remove(&q.queue, s.index)
		delete(q.timers, key)
	}
	q.changed()
	q.mu.Unlock()
	q.wake()
}

// changed wakes the callers waiting in Idle.
func (q *Queue) changed() {
	close(q.idle)
	q.idle = make(chan struct{})
}

func (q *Queue) wake() {
	select {
	case q.awake <- struct{}{}:
	default:
	}
}

// Next is the earliest instant that any key is set to.
func (q *Queue) Next() (time.Time, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.queue) == 0 {
		return time.Time{}, false
	}
	return q.queue[0].due, true
}

// Idle returns once nothing is firing and no deadline has passed. It wakes the queue, because
// a clock that is moved by hand can pass a deadline after Run has checked it and before it
// sleeps.
func (q *Queue) Idle(ctx context.Context) error {
	for {
		q.mu.Lock()
		quiet := len(q.firing) == 0 && (len(q.queue) == 0 || q.queue[0].due.After(q.clock.Now()))
		idle := q.idle
		q.mu.Unlock()
		if quiet {
			return nil
		}
		q.wake()
		select {
		case <-idle:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Run calls fire for each key whose deadline has passed, until the context ends, and returns
// when all firing has ended. It never fires a key twice at the same time, and repeats failed
// firings.
func (q *Queue) Run(ctx context.Context, fire func(ctx context.Context, key string) error) {
	var running sync.WaitGroup
	defer running.Wait()
	slots := make(chan struct{}, workers)
	for ctx.Err() == nil {
		key, wait := q.take()
		if key == "" {
			q.sleep(ctx, wait)
			continue
		}
		slots <- struct{}{}
		running.Go(func() {
			q.finish(key, fire(ctx, key))
			<-slots
		})
	}
}

// finish ends the firing of a key, and sets it again if that failed.
func (q *Queue) finish(key string, err error) {
	q.mu.Lock()
	delete(q.firing, key)
	due, set := q.later[key]
	delete(q.later, key)
	switch {
	case set:
		q.put(key, due)
	case err != nil:
		q.put(key, q.clock.Now().Add(retryAfter))
	}
	q.changed()
	q.mu.Unlock()
	q.wake()
}

// take removes a key whose deadline has passed, or returns the time until the next.
func (q *Queue) take() (key string, wait time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.queue) == 0 {
		return "", time.Hour
	}
	first := q.queue[0]
	if wait := first.due.Sub(q.clock.Now()); wait > 0 {
		return "", wait
	}
	heap.Pop(&q.queue)
	delete(q.timers, first.key)
	q.firing[first.key] = true
	return first.key, 0
}

// longestSleep is the maximum interval between Run's checks of the clock: the clock may
// jump forward to a commit's time, and a machine may sleep, without a timer noticing.
const longestSleep = time.Second

func (q *Queue) sleep(ctx context.Context, wait time.Duration) {
	wait = min(wait, longestSleep)
	timer := q.clock.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.Chan():
	case <-q.awake:
	case <-ctx.Done():
	}
}
