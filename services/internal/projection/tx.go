package projection

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/services/internal/eventlog"
)

// Tx is the transaction of a batch of commits.
type Tx struct {
	*bbolt.Tx
	ctx      context.Context
	log      *eventlog.Log
	touched  map[string]bool
	receipts map[string][]receipt // by subject
	values   map[any]any
	last     []func() error
}

// Touch wakes the watches of a key once the batch is written.
func (tx *Tx) Touch(key string) {
	if tx.touched == nil {
		tx.touched = map[string]bool{}
	}
	tx.touched[key] = true
}

// keys are those that the batch has touched.
func (tx *Tx) keys() []string { return slices.Collect(maps.Keys(tx.touched)) }

// Value returns what the batch keeps under a key. The first call makes it.
func (tx *Tx) Value(key any, first func() any) any {
	if tx.values == nil {
		tx.values = map[any]any{}
	}
	if _, made := tx.values[key]; !made {
		tx.values[key] = first()
	}
	return tx.values[key]
}

// Last calls a function once all commits of the batch are applied. It writes what the batch kept
// in memory, so that what several commits change is written once.
func (tx *Tx) Last(write func() error) { tx.last = append(tx.last, write) }

// errEarlier: the log did not answer for earlier commits.
var errEarlier = errors.New("the commits before it cannot be read now")

// Earlier reads the commits of an entry's subject before it from the log.
func (tx *Tx) Earlier(entry eventlog.Entry) ([]eventlog.Entry, error) {
	before, err := tx.log.Part(tx.ctx, entry.Commit.Subject, eventlog.Range{Until: entry.Position - 1, Most: math.MaxInt})
	if errors.Is(err, eventlog.ErrUnknown) {
		err = fmt.Errorf("%w: %w", errEarlier, err)
	}
	return before, err
}

// flush writes what was kept in memory.
func (tx *Tx) flush() error {
	for _, write := range tx.last {
		if err := write(); err != nil {
			return err
		}
	}
	return tx.putReceipts()
}

// deletePrefix deletes the keys of a bucket that begin with a prefix.
func deletePrefix(b *bbolt.Bucket, prefix []byte) error {
	var keys [][]byte
	cursor := b.Cursor()
	for k, _ := cursor.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = cursor.Next() {
		keys = append(keys, bytes.Clone(k))
	}
	for _, key := range keys {
		if err := b.Delete(key); err != nil {
			return err
		}
	}
	return nil
}
