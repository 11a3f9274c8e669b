package files

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
)

// Source is where files are copied from.
type Source interface {
	Read(ctx context.Context, path string) ([]byte, error)
}

// Copy copies a whole history into a folder, and leaves what is full there
// already. The checkpoint is written last, so the folder is always one whole
// history. Nothing is verified. Progress is told how many of all tiles are done;
// it may be nil.
func Copy(ctx context.Context, from Source, to Folder, progress func(done, all int64)) (verify.Checkpoint, error) {
	signed, err := from.Read(ctx, verify.CheckpointPath)
	if err != nil {
		return verify.Checkpoint{}, err
	}
	c, err := verify.UnverifiedCheckpoint(signed)
	if err != nil {
		return c, err
	}
	all := Tiles(c.Size)
	for i, t := range all {
		if err := copyTile(ctx, from, to, t); err != nil {
			return c, err
		}
		if progress != nil {
			progress(int64(i+1), int64(len(all)))
		}
	}
	return c, to.Write(verify.CheckpointPath, signed)
}

func copyTile(ctx context.Context, from Source, to Folder, t tlog.Tile) error {
	path := verify.TilePath(t)
	if to.Has(path) {
		return nil
	}
	data, err := from.Read(ctx, path)
	if err != nil {
		return err
	}
	return to.Write(path, data)
}

// Tiles are all tiles of a history of a size: bundles of entries and tiles of
// hashes, with the last of each level as wide as it is.
func Tiles(size int64) (all []tlog.Tile) {
	for level := verify.Bundles; ; level++ {
		full, partial := verify.TreeTiles(level, size)
		if full == 0 && partial == 0 {
			return all
		}
		for n := range full {
			all = append(all, verify.Tile(level, n, verify.TileWidth))
		}
		if partial > 0 {
			all = append(all, verify.Tile(level, full, partial))
		}
	}
}
