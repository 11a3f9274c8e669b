package tree

import (
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
)

// A tile is stored at its full current width; a narrower one is a prefix of it.

func tileKey(level int, n int64) []byte {
	return binary.BigEndian.AppendUint64([]byte{byte(level)}, uint64(n))
}

const tileBytes = verify.TileWidth * tlog.HashSize

// appendHashes adds hashes to a level that already has some, and propagates completed tiles to
// the levels above.
func appendHashes(tx *bbolt.Tx, level int, have int64, added []tlog.Hash) error {
	var full []tlog.Hash
	for len(added) > 0 {
		key := tileKey(level, have/verify.TileWidth)
		tile := append(make([]byte, 0, tileBytes), tx.Bucket(tilesBucket).Get(key)...)
		if want := int(have%verify.TileWidth) * tlog.HashSize; len(tile) != want {
			return fmt.Errorf("%w: tile %d of level %d has %d bytes, and must have %d", ErrDamaged, have/verify.TileWidth, level, len(tile), want)
		}
		count := min(len(added), (tileBytes-len(tile))/tlog.HashSize)
		for _, hash := range added[:count] {
			tile = append(tile, hash[:]...)
		}
		if err := tx.Bucket(tilesBucket).Put(key, tile); err != nil {
			return err
		}
		if len(tile) == tileBytes {
			full = append(full, verify.TileRoot(tile))
		}
		added, have = added[count:], have+int64(count)
	}
	if len(full) == 0 {
		return nil
	}
	return appendHashes(tx, level+1, have/verify.TileWidth-int64(len(full)), full)
}

// readTile reads a tile, or the prefix that its width asks for.
func readTile(tx *bbolt.Tx, t tlog.Tile) ([]byte, error) {
	tile := tx.Bucket(tilesBucket).Get(tileKey(t.L, t.N))
	if len(tile) < t.W*tlog.HashSize {
		return nil, fmt.Errorf("%w: %s", ErrNotThere, verify.TilePath(t))
	}
	return tile[:t.W*tlog.HashSize], nil
}

func hashes(tx *bbolt.Tx) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			t := verify.TileOf(index)
			tile, err := readTile(tx, t)
			if err != nil {
				return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
			}
			if found[i], err = tlog.HashFromTile(t, tile, index); err != nil {
				return nil, err
			}
		}
		return found, nil
	})
}
