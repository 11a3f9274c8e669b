package tree

import (
	"bytes"
	"fmt"

	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
)

// checkAll derives every tile above the leaves again, and compares the tree with its head.
// This rules out changed bits and stray entries.
func checkAll(tx *bbolt.Tx, head Head) error {
	tiles := tx.Bucket(tilesBucket).Cursor()
	key, tile := tiles.First()
	for level := 0; ; level++ {
		full, partial := verify.TreeTiles(level, head.Size)
		if full == 0 && partial == 0 {
			break
		}
		for n := range full {
			if err := checkTile(tx, verify.Tile(level, n, verify.TileWidth), key, tile); err != nil {
				return err
			}
			key, tile = tiles.Next()
		}
		if partial > 0 {
			if err := exact(verify.Tile(level, full, partial), key, tile); err != nil {
				return err
			}
			key, tile = tiles.Next()
		}
	}
	if key != nil {
		return fmt.Errorf("%w: it has more than the %d commits that were signed", ErrDamaged, head.Size)
	}
	return check(tx, head)
}

// checkTile compares a full tile with its hash in the level above.
func checkTile(tx *bbolt.Tx, t tlog.Tile, key, tile []byte) error {
	if err := exact(t, key, tile); err != nil {
		return err
	}
	place := int(t.N % verify.TileWidth)
	above, err := readTile(tx, verify.Tile(t.L+1, t.N/verify.TileWidth, place+1))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if tlog.Hash(above[place*tlog.HashSize:]) != verify.TileRoot(tile) {
		return fmt.Errorf("%w: %s does not match its hash in the level above", ErrDamaged, verify.TilePath(t))
	}
	return nil
}

// exact requires a stored value to be a tile of the right width.
func exact(t tlog.Tile, key, tile []byte) error {
	if !bytes.Equal(key, tileKey(t.L, t.N)) || len(tile) != t.W*tlog.HashSize {
		return fmt.Errorf("%w: %s is missing, or has the wrong width", ErrDamaged, verify.TilePath(t))
	}
	return nil
}
