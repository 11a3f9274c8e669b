// Package prove creates proofs from a history's files, in a folder or on a server. It checks
// everything that it reads against the checkpoint, so every proof that it creates is valid.
package prove

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
)

// Source holds a history's files.
type Source interface {
	Read(ctx context.Context, path string) ([]byte, error)
}

// Append proves that the commit at a position is in the history of the source's checkpoint.
func Append(ctx context.Context, source Source, position int64) (verify.Proof, error) {
	signed, err := source.Read(ctx, verify.CheckpointPath)
	if err != nil {
		return verify.Proof{}, err
	}
	c, err := verify.UnverifiedCheckpoint(signed)
	if err != nil {
		return verify.Proof{}, err
	}
	if position < 1 || position > c.Size {
		return verify.Proof{}, fmt.Errorf("the history has positions 1 to %d and no position %d; a new commit is in the next checkpoint, as soon as it is published", c.Size, position)
	}
	p := verify.Proof{Index: position - 1, Checkpoint: signed}
	if p.Entry, err = entry(ctx, source, p.Index, c.Size); err != nil {
		return p, err
	}
	hashes := c.Hashes(func(path string) ([]byte, error) { return source.Read(ctx, path) })
	if p.Path, err = tlog.ProveRecord(c.Size, p.Index, hashes); err != nil {
		return p, err
	}
	if err := tlog.CheckRecord(p.Path, c.Size, c.Root, p.Index, verify.LeafOf(p.Entry)); err != nil {
		return p, fmt.Errorf("position %d: the entry is not the one that the tree has; it was altered", position)
	}
	return p, nil
}

// entry reads an entry from its bundle.
func entry(ctx context.Context, source Source, index, size int64) ([]byte, error) {
	first := index - index%verify.TileWidth
	width := min(size-first, verify.TileWidth)
	rest, err := source.Read(ctx, verify.TilePath(verify.Tile(verify.Bundles, first/verify.TileWidth, int(width))))
	if err != nil {
		return nil, err
	}
	for ; ; first++ {
		found, after, err := verify.CutFromBundle(rest)
		if err != nil || first == index {
			return found, err
		}
		rest = after
	}
}
