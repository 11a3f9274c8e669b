package boltfile

import (
	"sync"

	"go.etcd.io/bbolt"
)

// batch is writes that wait for their common transaction.
type batch struct {
	writes []func(*bbolt.Tx) error
	err    error
	done   chan struct{}
}

// batches collects writes. bbolt's own batches run outside of the caller, where a panic on a
// bad page would end the process.
type batches struct {
	writing sync.Mutex // held while a batch is written and the next one grows
	mu      sync.Mutex
	next    *batch
}

// Batch writes in one transaction with others that come while an earlier one is written, so
// that one sync serves all. An error of one write fails all of them. Errors: ErrDamaged.
func (f *File) Batch(do func(*bbolt.Tx) error) error {
	b, first := f.join(do)
	if !first {
		<-b.done
		return b.err
	}
	f.batches.writing.Lock()
	defer f.batches.writing.Unlock()
	f.batches.close()
	b.err = f.Update(b.run)
	close(b.done)
	return b.err
}

// close lets the next write begin another batch.
func (b *batches) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next = nil
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
