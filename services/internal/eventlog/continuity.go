package eventlog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// ErrBroken: the log does not continue what this process has seen in it. It came back shorter,
// was replaced, or was restored from an older copy, so commits that were acknowledged are
// missing. Nothing may be appended to it.
var ErrBroken = errors.New("the log does not continue what it had")

// guardEvery is the interval at which Guard looks.
const guardEvery = time.Second

// continuity is what this process knows of the log: its newest commit, and through which
// connection it last made sure that the log has it.
type continuity struct {
	mu       sync.Mutex
	position uint64
	hash     [32]byte
	// reconnects is the number of reconnections after which the log was last checked.
	reconnects uint64
	broken     error

	checking sync.Mutex // held while the log is checked after a reconnection
}

// seen records a commit that the log has acknowledged or delivered.
func (c *continuity) seen(e Entry) { c.knows(e.Position, e.Hash) }

// knows records what is at a position, as this process or another has seen it.
func (c *continuity) knows(position uint64, hash [32]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if position > c.position {
		c.position, c.hash = position, hash
	}
}

// newest returns the newest commit, and ErrBroken if the log is known to be broken.
func (c *continuity) newest() (position uint64, hash [32]byte, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.position, c.hash, c.broken
}

// breaks records that the log is broken, for good: a later look might find a fork that has
// grown past the loss.
func (c *continuity) breaks(format string, args ...any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken == nil {
		c.broken = fmt.Errorf("%w: "+format+"; stop everything that writes to it, and restore the log from a copy that has that position; or, if there is none, open a new log with \"stafett recover\"", append([]any{ErrBroken}, args...)...)
	}
	return c.broken
}

// checked reports whether the log was checked since the last reconnection.
func (c *continuity) checked(reconnects uint64) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.reconnects == reconnects, c.broken
}

func (c *continuity) check(reconnects uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reconnects = max(c.reconnects, reconnects)
}

// continued returns ErrBroken if the log is broken. After a reconnection it looks first,
// because the server may have come back with less. Errors: ErrBroken and ErrUnknown, as one.
func (l *Log) continued(ctx context.Context) error {
	reconnects := l.js.Conn().Stats().Reconnects
	done, err := l.continuity.checked(reconnects)
	if err == nil && !done {
		err = l.recheck(ctx, reconnects)
	}
	if errors.Is(err, ErrBroken) {
		return fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return err
}

// recheck looks once for all callers: at what this process has seen, and at what the others
// have, which it hears first.
func (l *Log) recheck(ctx context.Context, reconnects uint64) error {
	l.continuity.checking.Lock()
	defer l.continuity.checking.Unlock()
	if done, err := l.continuity.checked(reconnects); done || err != nil {
		return err
	}
	if err := l.look(ctx); err != nil {
		return err
	}
	if err := l.hear(ctx); err != nil {
		return err
	}
	l.continuity.check(reconnects)
	return nil
}

// look compares the newest commit that this process has seen with the log's. Errors:
// ErrBroken, ErrUnknown.
func (l *Log) look(ctx context.Context) error {
	position, hash, err := l.continuity.newest()
	if err != nil {
		return err
	}
	return l.holds(ctx, position, hash, "this service")
}

// holds compares the log with what somebody has seen at a position; with 0, nothing yet.
func (l *Log) holds(ctx context.Context, position uint64, hash [32]byte, who string) error {
	if position == 0 {
		return nil
	}
	entry, err := l.read(ctx, position)
	switch {
	case errors.Is(err, ErrNotFound):
		return l.continuity.breaks("position %d, which %s had seen, is missing", position, who)
	case errors.Is(err, ErrUnknown):
		return err
	case err != nil:
		return l.continuity.breaks("position %d: %w", position, err)
	case !bytes.Equal(entry.Hash[:], hash[:]):
		return l.continuity.breaks("position %d has another commit than %s had seen", position, who)
	}
	return nil
}

// Guard returns ErrBroken once the log is broken, also without a reconnection, for example
// after a replica that had lost its end became the leader. It tells the other processes what
// this one knows, and stops as well for what another knows. It returns nil when the context
// ends. A log that does not answer changes nothing.
func (l *Log) Guard(ctx context.Context) error {
	told, err := l.listen()
	if err != nil {
		return err
	}
	defer told.Unsubscribe()
	l.tell(mark{Ask: true})
	ticker := time.NewTicker(guardEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		if err := l.lookAround(ctx); errors.Is(err, ErrBroken) {
			l.tell(mark{})
			l.js.Conn().FlushTimeout(guardEvery)
			return err
		}
	}
}

// lookAround looks at the log, tells the others, and compares what they have told.
func (l *Log) lookAround(ctx context.Context) error {
	if err := l.continued(ctx); err != nil {
		return err
	}
	if !l.js.Conn().IsConnected() {
		return nil // nobody can be heard
	}
	l.tell(mark{})
	if err := l.askForVouching(ctx); err != nil {
		return err
	}
	l.marks.silent(time.Time{}, time.Now().Add(-silentFor))
	if err := l.look(ctx); err != nil {
		return err
	}
	return l.compareMarks(ctx)
}
