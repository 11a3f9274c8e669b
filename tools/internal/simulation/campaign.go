package simulation

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Campaign is many schedules.
type Campaign struct {
	From uint64
	// Schedules is the number of schedules to play.
	Schedules uint64
	// Stop is called before each schedule; true ends the campaign early.
	Stop func() bool
	// Each receives the result of each schedule. Calls do not overlap.
	Each func(Result)
}

// Run plays the schedules on all processors, and returns their combined coverage.
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
