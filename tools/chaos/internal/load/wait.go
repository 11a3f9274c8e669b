package load

import (
	"context"
	"maps"
	"time"
)

// Acknowledged is how many commands were acknowledged.
func (l *Load) Acknowledged() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acknowledged)
}

// Newest is the highest position that was acknowledged.
func (l *Load) Newest() (position uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, o := range l.acknowledged {
		position = max(position, o.recorded.Position)
	}
	return position
}

// Refused says how often one of some reasons was given.
func (l *Load) Refused(reasons ...string) (count int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, reason := range reasons {
		count += l.reasons[reason]
	}
	return count
}

// Reasons counts the refusals by reason.
func (l *Load) Reasons() map[string]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.reasons)
}

// Reach waits until so many commands are acknowledged.
func (l *Load) Reach(ctx context.Context, count int) error {
	return l.until(ctx, func() bool { return len(l.acknowledged) >= count })
}

// Served waits until a command is acknowledged that was sent after an instant, and says how
// long after it that was.
func (l *Load) Served(ctx context.Context, after time.Time) (time.Duration, error) {
	err := l.until(ctx, func() bool { return l.newest.After(after) })
	return time.Since(after), err
}

func (l *Load) until(ctx context.Context, done func() bool) error {
	for {
		l.mu.Lock()
		is, arrived := done(), l.arrived
		l.mu.Unlock()
		if is {
			return nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
