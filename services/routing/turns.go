package routing

import (
	"context"
	"sync"
)

// turns makes those who want the same thing take turns. The zero value is ready to use.
type turns struct{ queues sync.Map } // of chan struct{}, by what is wanted

// take waits for the turn.
func (t *turns) take(ctx context.Context, what string) (next func(), err error) {
	made, _ := t.queues.LoadOrStore(what, make(chan struct{}, 1))
	turn := made.(chan struct{})
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
