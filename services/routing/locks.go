package routing

import (
	"context"
	"sync"
)

// locks has one lock for each key. The zero value is ready to use.
type locks struct{ held sync.Map } // of chan struct{}, by key

// lock waits until nobody else holds the lock of a key.
func (l *locks) lock(ctx context.Context, key string) (unlock func(), err error) {
	made, _ := l.held.LoadOrStore(key, make(chan struct{}, 1))
	held := made.(chan struct{})
	select {
	case held <- struct{}{}:
		return func() { <-held }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
