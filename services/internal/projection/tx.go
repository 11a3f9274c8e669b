package projection

import (
	"maps"
	"slices"

	"go.etcd.io/bbolt"
)

// Tx is the transaction of a batch of commits.
type Tx struct {
	*bbolt.Tx
	touched map[string]bool
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
