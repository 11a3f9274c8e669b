package boltfile

import (
	"sync"
	"time"

	"go.etcd.io/bbolt"
)

// gather is how long a writer waits for others, so that one sync serves all.
const gather = time.Millisecond

// batch is writes that wait for their common transaction.
type batch struct {
	writes []func(*bbolt.Tx) error
	err    error
	done   chan struct{}
}

// batches collects writes. bbolt's own batches run outside of the caller, where a panic on a
// bad page would end the process.
type batches struct {
	mu   sync.Mutex
	next *batch
}

// Batch writes in one transaction with others that come at about the same time. An error of
// one write fails all of them. Errors: ErrDamaged.
func (f *File) Batch(do func(*bbolt.Tx) error) error {
	b, first := f.join(do)
	if !first {
		<-b.done
		return b.err
	}
	time.Sleep(gather)
	f.batches.mu.Lock()
	f.batches.next = nil
	f.batches.mu.Unlock()
	b.err = f.Update(b.run)
	close(b.done)
	return b.err
}

// join adds a write to the next batch, and reports whether it is the first one, which then runs
// the batch.
func (f *File) join(do func(*bbolt.Tx) error) (b *batch, first bool) {
	f.batches.mu.Lock()
	defer f.batches.mu.Unlock()
	if first = f.batches.next == nil; first {
		f.batches.next = &batch{done: make(chan struct{})}
	}
	b = f.batches.next
	b.writes = append(b.writes, do)
	return b, first
}

func (b *batch) run(tx *bbolt.Tx) error {
	for _, write := range b.writes {
		if err := write(tx); err != nil {
			return err
		}
	}
	return nil
}
