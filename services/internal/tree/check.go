package tree

import (
	"fmt"

	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
)

// checkAll derives every tile above the leaves again, and compares the tree with
// its head. So no bit of it can have changed.
func checkAll(tx *bbolt.Tx, head Head) error {
	for level := 0; ; level++ {
		full, partial := verify.TreeTiles(level, head.Size)
		if full == 0 && partial == 0 {
			return check(tx, head)
		}
		for n := range full {
			if err := checkTile(tx, verify.Tile(level, n, verify.TileWidth)); err != nil {
				return err
			}
		}
		if partial > 0 {
			if _, err := exactTile(tx, verify.Tile(level, full, partial)); err != nil {
				return err
			}
		}
	}
}

// checkTile compares a full tile with the hash that stands for it in the level
// above.
func checkTile(tx *bbolt.Tx, t tlog.Tile) error {
	tile, err := exactTile(tx, t)
	if err != nil {
		return err
	}
	place := int(t.N % verify.TileWidth)
	above, err := readTile(tx, verify.Tile(t.L+1, t.N/verify.TileWidth, place+1))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if tlog.Hash(above[place*tlog.HashSize:]) != verify.TileRoot(tile) {
		return fmt.Errorf("%w: %s is not what stands for it in the level above", ErrDamaged, verify.TilePath(t))
	}
	return nil
}

// exactTile is a tile that is stored as wide as it must be.
func exactTile(tx *bbolt.Tx, t tlog.Tile) ([]byte, error) {
	tile := tx.Bucket(tilesBucket).Get(tileKey(t.L, t.N))
	if len(tile) != t.W*tlog.HashSize {
		return nil, fmt.Errorf("%w: %s has %d bytes", ErrDamaged, verify.TilePath(t), len(tile))
	}
	return tile, nil
}
