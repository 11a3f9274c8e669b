package lines

import (
	"sync"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/taxonomy"
)

// Cache keeps a read model's directory worked out, until a line in it changes. The zero
// Cache is ready, and is for one read model.
type Cache struct {
	// Topics that the lines are for. Nil: those that ship.
	Topics *taxonomy.Taxonomy

	mu       sync.Mutex
	revision uint64
	newest   *directory.Directory
}

// Directory is the directory as a transaction sees it. An old transaction may get it
// newer, and none older.
func (c *Cache) Directory(tx *bbolt.Tx) (*directory.Directory, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	revision := tx.Bucket([]byte(Bucket)).Sequence()
	if c.newest != nil && revision <= c.revision {
		return c.newest, nil
	}
	all, err := All(tx)
	if err != nil {
		return nil, err
	}
	c.newest, c.revision = directory.New(all, directory.Under(c.Topics)), revision
	return c.newest, nil
}

// revise says that a line's facts have changed. The bucket's sequence is committed with
// them.
func revise(tx *bbolt.Tx) error {
	_, err := tx.Bucket([]byte(Bucket)).NextSequence()
	return err
}
