package files

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
)

// mend fetches again what does not match the rest: a bundle, its tile of leaves and all tiles
// above, because there is no telling which of them is damaged.
func mend(ctx context.Context, from Source, to Folder, c verify.Checkpoint) error {
	hashes := c.Hashes(func(path string) ([]byte, error) { return to.Read(ctx, path) })
	for n := int64(0); n*verify.TileWidth < c.Size; n++ {
		if whole(ctx, to, tileAt(0, n, c.Size), tileAt(verify.Bundles, n, c.Size), hashes) {
			continue
		}
		for _, t := range above(n, c.Size) {
			if err := copyTile(ctx, from, to, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// whole reports whether a tile of leaves matches the tree, and the bundle's entries match the
// tile.
func whole(ctx context.Context, folder Folder, tile, bundle tlog.Tile, hashes tlog.HashReader) bool {
	if _, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, tile.N*verify.TileWidth)}); err != nil {
		return false
	}
	leaves, err := folder.Read(ctx, verify.TilePath(tile))
	if err != nil {
		return false
	}
	entries, err := folder.Read(ctx, verify.TilePath(bundle))
	for ; err == nil && len(leaves) > 0 && len(entries) > 0; leaves = leaves[tlog.HashSize:] {
		var entry []byte
		if entry, entries, err = verify.CutFromBundle(entries); err == nil && verify.LeafOf(entry) != tlog.Hash(leaves[:tlog.HashSize]) {
			return false
		}
	}
	return err == nil && len(leaves) == 0 && len(entries) == 0
}

// above returns a bundle and all tiles that cover it, level by level.
func above(n, size int64) (all []tlog.Tile) {
	all = append(all, tileAt(verify.Bundles, n, size))
	for level := 0; ; level++ {
		t := tileAt(level, n, size)
		if t.W == 0 {
			return all
		}
		all, n = append(all, t), n/verify.TileWidth
	}
}

// tileAt returns a tile of a history of a size, with its width there, which is 0 if the
// history does not have the tile.
func tileAt(level int, n, size int64) tlog.Tile {
	full, partial := verify.TreeTiles(level, size)
	if n < full {
		return verify.Tile(level, n, verify.TileWidth)
	}
	return verify.Tile(level, n, partial)
}
