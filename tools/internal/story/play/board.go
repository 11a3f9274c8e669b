package play

import (
	"context"
	"fmt"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"sync"
)

// board is what the lines' systems have been told by the streams they watch.
type board struct {
	mu sync.Mutex
	// changed is closed when something new is on the board.
	changed chan struct{}
	// failed is why a stream cannot go on.
	failed error
	// offers are the newest offers, by line.
	offers map[string]*routingv1.Offer
	// watches are the conversation as each line sees it.
	watches map[string]*watch
}

// watch is how far a line has seen the conversation, and what it could read.
type watch struct {
	position uint64
	// ended says that the line may see no more of it.
	ended bool
	// texts are what was said, by position.
	texts map[uint64]string
}

func newBoard() *board {
	return &board{changed: make(chan struct{}), offers: map[string]*routingv1.Offer{}, watches: map[string]*watch{}}
}

// change changes the board and tells those who wait.
func (b *board) change(how func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	how()
	close(b.changed)
	b.changed = make(chan struct{})
}

// fail notes that a stream cannot go on.
func (b *board) fail(err error) {
	b.change(func() { b.failed = err })
}

// await returns once something is on the board. What it is, seen looks up.
func (b *board) await(ctx context.Context, what string, seen func() bool) error {
	for {
		b.mu.Lock()
		there, failed, changed := seen(), b.failed, b.changed
		b.mu.Unlock()
		switch {
		case there:
			return nil
		case failed != nil:
			return failed
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", what, ctx.Err())
		}
	}
}
