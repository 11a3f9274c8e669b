package conversations

import (
	"context"
	"time"
)

// patience waits for a rival's append to become visible: a cluster refuses an
// append as soon as its leader knows of another, which can be read only once it
// is replicated. So it grows from one attempt to the next.
type patience struct{ next time.Duration }

// The first and the longest time that is waited between two attempts.
const (
	shortest = time.Millisecond
	longest  = 64 * time.Millisecond
)

func newPatience() *patience { return &patience{next: shortest} }

func (p *patience) wait(ctx context.Context) {
	timer := time.NewTimer(p.next)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	p.next = min(2*p.next, longest)
}
