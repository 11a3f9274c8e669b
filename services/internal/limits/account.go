package limits

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	accessv1 "github.com/stafett/stafett/proto/stafett/access/v1"
)

// account is what one caller has used up of its allowances.
type account struct {
	buckets map[accessv1.Limit]*rate.Limiter
	items   *rate.Limiter

	mu          sync.Mutex
	watches     int
	connections []*Connection // oldest first
}

func newAccount(of map[accessv1.Limit]Allowance, scale float64) *account {
	a := &account{buckets: map[accessv1.Limit]*rate.Limiter{}, items: bucket(watched, scale)}
	for class, allowed := range of {
		a.buckets[class] = bucket(allowed, scale)
	}
	return a
}

func bucket(a Allowance, scale float64) *rate.Limiter {
	return rate.NewLimiter(rate.Limit(float64(a.PerSecond)*scale), max(1, int(float64(a.Burst)*scale)))
}

// Take uses up one call of a class. If there is none left, it returns after how long there is
// one again.
func (c *Connection) Take(class accessv1.Limit, now time.Time) (wait time.Duration) {
	bucket := c.account.buckets[class]
	if bucket == nil || bucket.AllowN(now, 1) {
		return 0
	}
	missing := max(0, 1-bucket.TokensAt(now))
	return time.Duration(missing/float64(bucket.Limit())*float64(time.Second)) + time.Millisecond
}

// Watch counts a stream, unless the caller has as many as it may have on this connection or
// altogether.
func (c *Connection) Watch() bool {
	c.account.mu.Lock()
	defer c.account.mu.Unlock()
	if c.watches >= WatchesPerConnection || c.account.watches >= WatchesPerCaller {
		return false
	}
	c.watches++
	c.account.watches++
	return true
}

// Unwatch gives back what Watch counted.
func (c *Connection) Unwatch() {
	c.account.mu.Lock()
	defer c.account.mu.Unlock()
	c.watches--
	c.account.watches--
}

// Page is how many items a stream may read at once, between two calls of Pace.
const Page = 100

// Pace waits until the caller's streams may read as many items, at most Page, together with all
// that they read before.
func (c *Connection) Pace(ctx context.Context, items int) error {
	return c.account.items.WaitN(ctx, items)
}
