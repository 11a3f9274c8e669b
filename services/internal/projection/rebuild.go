package projection

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"
	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/services/internal/boltfile"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// Why a file is not used as it is.
var (
	errTorn   = errors.New("it was in use when the machine stopped")
	errEmpty  = errors.New("it is empty")
	errBefore = errors.New("it is of another version of this program")
)

// current opens an intact file of a version. Otherwise it returns why the file must be built:
// fs.ErrNotExist, boltfile.ErrDamaged and the like.
func current(path, version string) (*boltfile.File, error) {
	switch info, err := os.Stat(path); {
	case err != nil:
		return nil, err
	case info.Size() == 0:
		return nil, errEmpty
	case !whole(path):
		return nil, errTorn
	}
	db, err := boltfile.Open(path)
	if err != nil {
		return nil, err
	}
	err = db.View(func(tx *bbolt.Tx) error {
		if meta := tx.Bucket(metaBucket); meta == nil || string(meta.Get(versionKey)) != version {
			return errBefore
		}
		return nil
	})
	if err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// build projects what the log has now into new files, with one pass through it, and replaces the old
// ones. Nothing is synced until the end; if it is killed before, the next start begins again.
func build(ctx context.Context, log *eventlog.Log, models ...*Model) (err error) {
	for _, m := range models {
		if err = m.begin(); err != nil {
			break
		}
	}
	if err == nil {
		err = catchUp(ctx, log, models...)
	}
	for _, m := range models {
		if err == nil {
			err = m.replace()
		}
	}
	for _, m := range models {
		if err != nil && m.db != nil {
			m.db.Close()
			m.db = nil
		}
	}
	return err
}

// begin creates the new file.
func (m *Model) begin() (err error) {
	if err := os.MkdirAll(filepath.Dir(m.path), 0o700); err != nil {
		return err
	}
	if err := os.RemoveAll(m.next()); err != nil {
		return err
	}
	if m.db, err = boltfile.Open(m.next()); err != nil {
		return err
	}
	m.db.Unsynced()
	return m.db.Update(m.create)
}

func (m *Model) next() string { return m.path + ".new" }

func (m *Model) create(tx *bbolt.Tx) error {
	for _, bucket := range append([]string{string(metaBucket), string(receiptsBucket)}, m.definition.Buckets...) {
		if _, err := tx.CreateBucketIfNotExists([]byte(bucket)); err != nil {
			return err
		}
	}
	return tx.Bucket(metaBucket).Put(versionKey, []byte(m.definition.Version))
}

// replace replaces the old file with the new one.
func (m *Model) replace() (err error) {
	if err := m.db.Sync(); err != nil {
		return err // the old file stays: some of this one's pages may be lost
	}
	if err := m.db.Close(); err != nil {
		return err
	}
	if err := os.Rename(m.next(), m.path); err != nil {
		return err
	}
	m.db, err = boltfile.Open(m.path)
	return err
}

// catchUp projects everything up to the current end of the log. All models are at the same position.
func catchUp(ctx context.Context, log *eventlog.Log, models ...*Model) error {
	last, err := log.Last(ctx)
	if err != nil || last <= models[0].position {
		return err
	}
	done := errors.New("caught up")
	err = log.Follow(ctx, models[0].position, func(batch []eventlog.Entry) error {
		if err := takeIn(ctx, models, batch); err != nil {
			return err
		}
		if models[0].position >= last {
			return done
		}
		return nil
	})
	if errors.Is(err, done) {
		return nil
	}
	return err
}

// takeIn applies a batch to all models at the same time.
func takeIn(ctx context.Context, models []*Model, batch []eventlog.Entry) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, m := range models {
		group.Go(func() error {
			_, err := m.update(ctx, batch)
			if err == nil {
				m.position = batch[len(batch)-1].Position
			}
			return err
		})
	}
	return group.Wait()
}

// Refresh projects everything up to the current end of the log. Call it only before Run.
func (m *Model) Refresh(ctx context.Context) error { return catchUp(ctx, m.log, m) }

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
