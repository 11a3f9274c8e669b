package tree

import (
	"bytes"
	"fmt"

	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/tlog"
)

// Tile returns a tile of hashes. Errors: ErrNotThere.
func (t *Tree) Tile(tile tlog.Tile) (data []byte, err error) {
	err = t.view(func(tx *bbolt.Tx) error {
		found, err := readTile(tx, tile)
		data = bytes.Clone(found)
		return err
	})
	return data, err
}

// Root returns the tree's root at a size. Errors: ErrNotThere.
func (t *Tree) Root(size int64) (root tlog.Hash, err error) {
	if size < 0 || size > t.Head().Size {
		return root, fmt.Errorf("%w: size %d", ErrNotThere, size)
	}
	err = t.view(func(tx *bbolt.Tx) (err error) {
		root, err = tlog.TreeHash(size, hashes(tx))
		return err
	})
	return root, err
}

// Leaf returns the leaf at an index. Errors: ErrNotThere.
func (t *Tree) Leaf(index int64) (leaf tlog.Hash, err error) {
	if index < 0 || index >= t.Head().Size {
		return leaf, fmt.Errorf("%w: leaf %d", ErrNotThere, index)
	}
	err = t.view(func(tx *bbolt.Tx) error {
		found, err := hashes(tx).ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		if err == nil {
			leaf = found[0]
		}
		return err
	})
	return leaf, err
}

// ProveInclusion proves that a leaf is in the tree of a size. Errors: ErrNotThere.
func (t *Tree) ProveInclusion(index, size int64) (proof tlog.RecordProof, err error) {
	if index < 0 || index >= size || size > t.Head().Size {
		return nil, fmt.Errorf("%w: leaf %d in the tree of size %d", ErrNotThere, index, size)
	}
	err = t.view(func(tx *bbolt.Tx) (err error) {
		proof, err = tlog.ProveRecord(size, index, hashes(tx))
		return err
	})
	return proof, err
}

// ProveConsistency proves that the tree of a size begins with that of an older size. The proof
// for the empty tree is empty. Errors: ErrNotThere.
func (t *Tree) ProveConsistency(older, size int64) (proof tlog.TreeProof, err error) {
	if older < 0 || older > size || size > t.Head().Size {
		return nil, fmt.Errorf("%w: sizes %d and %d", ErrNotThere, older, size)
	}
	if older == 0 || older == size {
		return nil, nil
	}
	err = t.view(func(tx *bbolt.Tx) (err error) {
		proof, err = tlog.ProveTree(size, older, hashes(tx))
		return err
	})
	return proof, err
}
