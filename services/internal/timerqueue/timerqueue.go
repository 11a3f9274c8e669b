// Package wheel wakes a service when something is due. What is due is derived
// from the log, so a wheel is filled anew after every start; it may fire early,
// late or twice, and on several replicas: what it fires looks at the clock and
// at the state, and is harmless when there is nothing to do.
package timerqueue

import (
	"container/heap"
	"context"
	"sync"
	"time"

	"github.com/jonboulle/clockwork"
)

// again is how soon a firing that failed is repeated.
const again = 250 * time.Millisecond

// workers is how many conversations are fired at once.
const workers = 8

// Queue fires keys at the instants they were set to.
type Queue struct {
	clock clockwork.Clock
	fire  func(ctx context.Context, key string) error

	mu     sync.Mutex
	queue  queue
	spots  map[string]*spot
	firing map[string]bool
	later  map[string]time.Time // set while firing, for after it
	nudge  chan struct{}
	idle   chan struct{}
}

// New makes a wheel that calls fire. A key is never fired twice at the same time.
func New(clock clockwork.Clock, fire func(ctx context.Context, key string) error) *Queue {
	return &Queue{
		clock: clock, fire: fire, spots: map[string]*spot{}, firing: map[string]bool{},
		later: map[string]time.Time{}, nudge: make(chan struct{}, 1), idle: make(chan struct{}),
	}
}

// Set makes a key fire at an instant, instead of at the one it was set to.
func (w *Queue) Set(key string, due time.Time) {
	w.mu.Lock()
	if w.firing[key] {
		w.later[key] = due
	} else {
		w.put(key, due)
	}
	w.changed()
	w.mu.Unlock()
	w.wake()
}

func (w *Queue) put(key string, due time.Time) {
	if s, ok := w.spots[key]; ok {
		s.due = due
		heap.Fix(&w.queue, s.index)
		return
	}
	s := &spot{key: key, due: due}
	w.spots[key] = s
	heap.Push(&w.queue, s)
}

// Clear makes a key not fire.
func (w *Queue) Clear(key string) {
	w.mu.Lock()
	delete(w.later, key)
	if s, ok := w.spots[key]; ok {
		heap.Remove(&w.queue, s.index)
		delete(w.spots, key)
	}
	w.changed()
	w.mu.Unlock()
	w.wake()
}

// changed lets those look again who wait in Idle.
func (w *Queue) changed() {
	close(w.idle)
	w.idle = make(chan struct{})
}

func (w *Queue) wake() {
	select {
	case w.nudge <- struct{}{}:
	default:
	}
}

// Next is the earliest instant that anything is set to.
func (w *Queue) Next() (time.Time, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 {
		return time.Time{}, false
	}
	return w.queue[0].due, true
}

// Idle returns once nothing is being fired and nothing is due. It wakes the wheel
// for what is due, because a clock that is moved by hand can pass an instant
// between the wheel's look at it and its going to sleep.
func (w *Queue) Idle(ctx context.Context) error {
	for {
		w.mu.Lock()
		quiet := len(w.firing) == 0 && (len(w.queue) == 0 || w.queue[0].due.After(w.clock.Now()))
		idle := w.idle
		w.mu.Unlock()
		if quiet {
			return nil
		}
		w.wake()
		select {
		case <-idle:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Run fires what is due until the context ends, and returns when all firing has
// ended.
func (w *Queue) Run(ctx context.Context) {
	var running sync.WaitGroup
	defer running.Wait()
	slots := make(chan struct{}, workers)
	for ctx.Err() == nil {
		key, wait := w.take()
		if key == "" {
			w.sleep(ctx, wait)
			continue
		}
		slots <- struct{}{}
		running.Go(func() {
			w.turn(ctx, key)
			<-slots
		})
	}
}

// turn fires a key and sets it again if that failed.
func (w *Queue) turn(ctx context.Context, key string) {
	err := w.fire(ctx, key)
	w.mu.Lock()
	delete(w.firing, key)
	due, set := w.later[key]
	delete(w.later, key)
	switch {
	case set:
		w.put(key, due)
	case err != nil:
		w.put(key, w.clock.Now().Add(again))
	}
	w.changed()
	w.mu.Unlock()
	w.wake()
}

// take removes a key that is due, or tells how long nothing will be.
func (w *Queue) take() (key string, wait time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 {
		return "", time.Hour
	}
	first := w.queue[0]
	if wait := first.due.Sub(w.clock.Now()); wait > 0 {
		return "", wait
	}
	heap.Pop(&w.queue)
	delete(w.spots, first.key)
	w.firing[first.key] = true
	return first.key, 0
}

// look is how often the wheel looks at the clock at the least: the clock may be
// set, and a machine may sleep, while a timer does not notice.
const look = time.Second

func (w *Queue) sleep(ctx context.Context, wait time.Duration) {
	wait = min(wait, look)
	timer := w.clock.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.Chan():
	case <-w.nudge:
	case <-ctx.Done():
	}
}
