package simulation

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Campaign is many schedules.
type Campaign struct {
	// From is the first seed.
	From uint64
	// Schedules is how many there are to be.
	Schedules uint64
	// Stop is asked before each schedule whether to stop before all are done.
	Stop func() bool
	// Each is told of each schedule, by one caller at a time.
	Each func(Result)
}

// Run plays the schedules on all processors, and counts what they came to.
func (c Campaign) Run() *Coverage {
	var (
		next atomic.Uint64
		mu   sync.Mutex
		wait sync.WaitGroup
		all  Coverage
	)
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			seen := &Coverage{}
			c.work(&next, &mu, seen)
			mu.Lock()
			defer mu.Unlock()
			all.Add(seen)
		})
	}
	wait.Wait()
	return &all
}

func (c Campaign) work(next *atomic.Uint64, mu *sync.Mutex, seen *Coverage) {
	for n := next.Add(1) - 1; n < c.Schedules && (c.Stop == nil || !c.Stop()); n = next.Add(1) - 1 {
		r := Run(c.From+n, seen)
		mu.Lock()
		c.Each(r)
		mu.Unlock()
	}
}
