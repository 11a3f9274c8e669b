package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
)

// Source is where files are copied from.
type Source interface {
	Read(ctx context.Context, path string) ([]byte, error)
}

// ErrOtherHistory: the source does not continue the folder's history.
var ErrOtherHistory = errors.New("it does not continue the history that the folder has")

// OtherPath is where Copy keeps a checkpoint that does not continue the folder's own. The two
// together are evidence.
const OtherPath = "checkpoint.other"

// Copy copies a complete history into a folder. It keeps existing files, except those that do
// not match the rest, which it fetches again. It writes the checkpoint last, so the folder
// always holds one complete history. It does not verify new files. Progress receives how many
// of all tiles are done; it may be nil. Errors: ErrOtherHistory; the folder then stays
// unchanged, but for the other checkpoint at OtherPath.
func Copy(ctx context.Context, from Source, to Folder, progress func(done, all int64)) (verify.Checkpoint, error) {
	signed, err := from.Read(ctx, verify.CheckpointPath)
	if err != nil {
		return verify.Checkpoint{}, err
	}
	c, err := verify.UnverifiedCheckpoint(signed)
	if err != nil {
		return c, err
	}
	if err := continues(ctx, c, from, to); err != nil {
		if errors.Is(err, ErrOtherHistory) {
			err = errors.Join(err, to.Write(OtherPath, signed))
		}
		return c, err
	}
	if err := copyTiles(ctx, from, to, c, progress); err != nil {
		return c, err
	}
	return c, to.Write(verify.CheckpointPath, signed)
}

// continues compares the root at the size of the folder's checkpoint, computed from the
// source's tiles. Every history continues a folder without a checkpoint.
func continues(ctx context.Context, c verify.Checkpoint, from Source, to Folder) error {
	signed, err := to.Read(ctx, verify.CheckpointPath)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(signed) == 0 { // a power cut can leave an empty one
		return nil
	}
	if err != nil {
		return err
	}
	before, err := verify.UnverifiedCheckpoint(signed)
	if err != nil {
		return fmt.Errorf("the folder's %s: %w; take it away, or choose another folder", verify.CheckpointPath, err)
	}
	if before.Origin != c.Origin || before.Size > c.Size {
		return fmt.Errorf("%w: that has %d commits of %s, this %d of %s", ErrOtherHistory, before.Size, before.Origin, c.Size, c.Origin)
	}
	root, err := tlog.TreeHash(before.Size, c.Hashes(func(path string) ([]byte, error) { return from.Read(ctx, path) }))
	if err == nil && root != before.Root {
		err = fmt.Errorf("%w: at %d commits it has another root", ErrOtherHistory, before.Size)
	}
	return err
}

// copyTiles copies the missing tiles, and then fetches again those that do not match the
// rest.
func copyTiles(ctx context.Context, from Source, to Folder, c verify.Checkpoint, progress func(done, all int64)) error {
	all := Tiles(c.Size)
	had := false
	for i, t := range all {
		if had = had || to.Has(verify.TilePath(t)); !to.Has(verify.TilePath(t)) {
			if err := copyTile(ctx, from, to, t); err != nil {
				return err
			}
		}
		if progress != nil {
			progress(int64(i+1), int64(len(all)))
		}
	}
	if !had {
		return nil
	}
	return mend(ctx, from, to, c)
}

func copyTile(ctx context.Context, from Source, to Folder, t tlog.Tile) error {
	data, err := from.Read(ctx, verify.TilePath(t))
	if err != nil {
		return err
	}
	return to.Write(verify.TilePath(t), data)
}

// Tiles returns all tiles of a history of a size: bundles of entries and tiles of hashes,
// including the partial last one of each level.
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
