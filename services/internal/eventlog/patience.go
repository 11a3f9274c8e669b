package eventlog

import (
	"context"
	"time"
)

// Attempts is how often something is decided anew because others were faster.
// Each time somebody else got through, so running out means real contention.
const Attempts = 16

// Patience waits for a rival's append to become visible: a cluster refuses an
// append as soon as its leader knows of another, which can be read only once it
// is replicated. So it grows from one attempt to the next.
type Patience struct{ next time.Duration }

// The first and the longest time that is waited between two attempts.
const (
	shortest = time.Millisecond
	longest  = 64 * time.Millisecond
)

// NewPatience makes a patience that waits shortly at first.
func NewPatience() *Patience { return &Patience{next: shortest} }

// Wait waits, or until the context ends.
func (p *Patience) Wait(ctx context.Context) {
	timer := time.NewTimer(p.next)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	p.next = min(2*p.next, longest)
}
