package eventlog

import (
	"context"
	"errors"
	"sync"
)

// kept is how many of the newest commits a Reader keeps for those who are not there yet.
const kept = 2 * readAhead

// Reader reads and verifies a log once for all its followers in a process, and never waits for one
// of them: a slow follower reads by itself what the reader no longer keeps. The zero value is ready
// to use.
type Reader struct {
	mu        sync.Mutex
	followers int
	current   *reading
}

// reading is one run of a reader, from its first follower to its last.
type reading struct {
	stop context.CancelFunc

	mu      sync.Mutex
	entries []Entry // the newest, without a gap
	next    uint64  // the position after them
	err     error   // why it ended
	changed chan struct{}
}

// join returns the reading that runs, or starts one.
func (r *Reader) join(l *Log, after uint64) *reading {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.followers++
	if r.current == nil || r.current.ended() {
		ctx, cancel := context.WithCancel(context.Background())
		n := &reading{stop: cancel, next: after + 1, changed: make(chan struct{})}
		go func() { n.end(l.Follow(ctx, after, n.add)) }()
		r.current = n
	}
	return r.current
}

func (r *Reader) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.followers--; r.followers == 0 {
		r.current.stop()
		r.current = nil
	}
}

// add keeps a batch and wakes the followers.
func (n *reading) add(batch []Entry) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.entries) > kept {
		n.entries = append([]Entry(nil), n.entries[len(n.entries)-kept/2:]...)
	}
	n.entries = append(n.entries, batch...)
	n.next = batch[len(batch)-1].Position + 1
	n.wake()
	return nil
}

func (n *reading) end(err error) {
	n.stop()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.err = err
	n.wake()
}

func (n *reading) wake() {
	close(n.changed)
	n.changed = make(chan struct{})
}

func (n *reading) ended() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.err != nil
}

// errBehind: the follower is at a position that is no longer kept.
var errBehind = errors.New("the reader is ahead")

// after returns what is kept after a position, or a channel that is closed once there may be more.
func (n *reading) after(position uint64) (batch []Entry, more <-chan struct{}, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	first := n.next - uint64(len(n.entries))
	switch {
	case position+1 < first:
		return nil, nil, errBehind
	case position+1 < n.next:
		return n.entries[position+1-first : len(n.entries) : len(n.entries)], nil, nil
	}
	return nil, n.changed, n.err
}

// await returns what is kept after a position, waiting for more. Errors: errBehind.
func (n *reading) await(ctx context.Context, position uint64) ([]Entry, error) {
	for {
		batch, more, err := n.after(position)
		if batch != nil || err != nil {
			return batch, err
		}
		select {
		case <-more:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
