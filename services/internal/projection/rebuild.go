package projection

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/services/internal/boltfile"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// open opens an intact file of this definition's version, and builds it if there is none.
func (m *Model) open(ctx context.Context, path string) (err error) {
	if m.db = current(path, m.definition.Version); m.db != nil {
		return nil
	}
	next := path + ".new"
	if err := os.RemoveAll(next); err != nil {
		return err
	}
	if err := m.build(ctx, next); err != nil {
		return err
	}
	if err := os.Rename(next, path); err != nil {
		return err
	}
	m.db, err = boltfile.Open(path)
	return err
}

// current opens an intact file of a version, and returns nil if there is none. A file with a
// bad page is not intact.
func current(path, version string) *boltfile.File {
	if _, err := os.Stat(path); err != nil || !whole(path) {
		return nil
	}
	db, err := boltfile.Open(path)
	if err != nil {
		return nil
	}
	found := false
	err = db.View(func(tx *bbolt.Tx) error {
		meta := tx.Bucket(metaBucket)
		found = meta != nil && string(meta.Get(versionKey)) == version
		return nil
	})
	if err != nil || !found {
		db.Close()
		return nil
	}
	return db
}

// build creates a file and projects what the log has now. Nothing is synced until the end; if
// it is killed before, the next start begins again.
func (m *Model) build(ctx context.Context, path string) error {
	db, err := boltfile.Open(path)
	if err != nil {
		return err
	}
	defer db.Close()
	db.Unsynced()
	if err := db.Update(m.create); err != nil {
		return err
	}
	if err := m.catchUp(ctx, db); err != nil {
		return err
	}
	return db.Sync()
}

func (m *Model) create(tx *bbolt.Tx) error {
	for _, bucket := range append([]string{string(metaBucket), string(receiptsBucket)}, m.definition.Buckets...) {
		if _, err := tx.CreateBucketIfNotExists([]byte(bucket)); err != nil {
			return err
		}
	}
	return tx.Bucket(metaBucket).Put(versionKey, []byte(m.definition.Version))
}

// catchUp projects everything up to the current end of the log.
func (m *Model) catchUp(ctx context.Context, db *boltfile.File) error {
	last, err := m.log.Last(ctx)
	if err != nil || last <= m.position {
		return err
	}
	done := errors.New("caught up")
	err = m.log.Follow(ctx, m.position, func(batch []eventlog.Entry) error {
		if _, err := m.update(ctx, db, batch); err != nil {
			return err
		}
		m.position = batch[len(batch)-1].Position
		if m.position >= last {
			return done
		}
		return nil
	})
	if errors.Is(err, done) {
		return nil
	}
	return err
}

// Refresh projects everything up to the current end of the log. Call it only before Run.
func (m *Model) Refresh(ctx context.Context) error { return m.catchUp(ctx, m.db) }

// verify compares the file's mark with the log.
func (m *Model) verify(ctx context.Context) error {
	var hash []byte
	err := m.db.View(func(tx *bbolt.Tx) (err error) {
		m.position, hash, err = readMark(tx)
		return err
	})
	if errors.Is(err, errNotThere) {
		return nil
	}
	if err != nil {
		return err
	}
	entry, err := m.log.At(ctx, m.position)
	if errors.Is(err, eventlog.ErrNotFound) {
		return fmt.Errorf("it is at position %d, which the log does not have: the log lost its end or was replaced; restore the log from a copy, or open a new one with \"stafett recover\"", m.position)
	}
	if err != nil {
		return err
	}
	if !bytes.Equal(hash, entry.Hash[:]) {
		return fmt.Errorf("its commit at position %d differs from the log's: the log was replaced; restore it", m.position)
	}
	return nil
}
