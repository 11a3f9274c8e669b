package boltfile

import (
	"bytes"
	"iter"

	"go.etcd.io/bbolt"
)

// After yields the keys of a bucket after one, in order, with their values: at most n, so that a
// long bucket can be read in short transactions. Nil comes before all keys.
func After(b *bbolt.Bucket, key []byte, n int) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		cursor := b.Cursor()
		for k, v := cursor.Seek(append(bytes.Clone(key), 0)); k != nil && n > 0; k, v = cursor.Next() {
			if n--; !yield(k, v) {
				return
			}
		}
	}
}
