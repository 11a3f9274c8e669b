package lines

import (
	"encoding/binary"

	"go.etcd.io/bbolt"
)

// changesBucket has the revision at which each line last changed, by line id.
const changesBucket = "line-changes"

// Revise records that a line has changed. The bucket's sequence is committed with it.
func Revise(tx *bbolt.Tx, id string) error {
	bucket := tx.Bucket([]byte(changesBucket))
	revision, err := bucket.NextSequence()
	if err != nil {
		return err
	}
	return bucket.Put([]byte(id), binary.BigEndian.AppendUint64(nil, revision))
}

// Revision is how often lines have changed, as a transaction sees it.
func Revision(tx *bbolt.Tx) uint64 { return tx.Bucket([]byte(changesBucket)).Sequence() }

// ChangedSince lists the lines that have changed after a revision.
func ChangedSince(tx *bbolt.Tx, revision uint64) (ids []string) {
	if Revision(tx) <= revision {
		return nil
	}
	_ = tx.Bucket([]byte(changesBucket)).ForEach(func(id, at []byte) error {
		if binary.BigEndian.Uint64(at) > revision {
			ids = append(ids, string(id))
		}
		return nil
	})
	return ids
}
