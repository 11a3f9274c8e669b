package readmodel

import (
	"bytes"
	"errors"
	"os"

	"go.etcd.io/bbolt"
)

// sessionKey is there while the file is in use: which boot of the machine it is
// written under.
var sessionKey = []byte("session")

// beginSession marks the file as in use, and from then on leaves it to the
// system to write it out.
func beginSession(db *bbolt.DB) error {
	err := db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket(metaBucket).Put(sessionKey, boot())
	})
	db.NoSync, db.NoGrowSync = true, true
	return err
}

// endSession writes the file out and then takes the mark away, in this order.
func endSession(db *bbolt.DB) error {
	err := db.Sync()
	db.NoSync, db.NoGrowSync = false, false
	return errors.Join(err, db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket(metaBucket).Delete(sessionKey)
	}))
}

// whole says whether a file has everything that was written to it: it was closed
// in order, or the machine has not been down since.
func whole(meta *bbolt.Bucket) bool {
	session := meta.Get(sessionKey)
	return session == nil || len(session) > 0 && bytes.Equal(session, boot())
}

// boot tells this boot of the machine from every other. It is empty where the
// system does not tell, and then a file that was not closed in order is rebuilt.
func boot() []byte {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return []byte{}
	}
	return bytes.TrimSpace(id)
}
