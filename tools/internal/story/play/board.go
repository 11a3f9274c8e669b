package play

import (
	"context"
	"fmt"
	"sync"

	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// board collects what the lines' systems have learned from the streams they watch.
type board struct {
	mu sync.Mutex
	// changed is closed when the board changes.
	changed chan struct{}
	// failed is the error that ended a stream.
	failed error
	// offers are the newest offers, by line.
	offers map[string]*routingv1.Offer
	// consultations are the newest ones, by line.
	consultations map[string]*routingv1.Consultation
	// watches are the views of the conversation, by line.
	watches map[string]*watch
}

// watch is a line's position in the conversation, and what it could read.
type watch struct {
	position uint64
	// ended means that the line may see no more of the conversation.
	ended bool
	// texts are the messages, by position.
	texts map[uint64]string
}

func newBoard() *board {
	return &board{changed: make(chan struct{}), offers: map[string]*routingv1.Offer{}, consultations: map[string]*routingv1.Consultation{}, watches: map[string]*watch{}}
}

// change changes the board and wakes those who wait.
func (b *board) change(how func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	how()
	close(b.changed)
	b.changed = make(chan struct{})
}

// fail records the error of a stream that cannot go on.
func (b *board) fail(err error) {
	b.change(func() { b.failed = err })
}

// await returns once seen finds what it looks for on the board.
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
