package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
)

// entries reads and derives all bundles. It derives several concurrently and combines the
// results in order.
func (r *run) entries(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	waiting := make(chan chan *bundle, 2*runtime.GOMAXPROCS(0))
	go r.readAll(ctx, waiting)
	for derived := range waiting {
		b := <-derived
		if b.err != nil {
			return r.unreadable(b)
		}
		if err := r.take(ctx, b); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// readAll reads bundles one after another and derives each concurrently. It stops after one
// that cannot be read.
func (r *run) readAll(ctx context.Context, waiting chan<- chan *bundle) {
	defer close(waiting)
	for first := int64(0); first < r.checkpoint.Size; first += verify.TileWidth {
		b := r.readBundle(ctx, first)
		derived := make(chan *bundle, 1)
		select {
		case waiting <- derived:
		case <-ctx.Done():
			return
		}
		if b.err != nil {
			derived <- b
			return
		}
		go func() {
			b.derive(r.Services)
			derived <- b
		}()
	}
}

// readBundle reads the bundle that begins at an index, and its tile of leaves.
func (r *run) readBundle(ctx context.Context, first int64) *bundle {
	b := &bundle{first: first + 1, width: int(min(r.checkpoint.Size-first, verify.TileWidth))}
	if b.raw, b.err = r.source.Read(ctx, r.tilePath(verify.Bundles, first, b.width)); b.err != nil || r.NoTiles {
		return b
	}
	b.tile, b.err = r.source.Read(ctx, r.tilePath(0, first, b.width))
	return b
}

func (r *run) tilePath(level int, first int64, width int) string {
	return verify.TilePath(verify.Tile(level, first/verify.TileWidth, width))
}

// unreadable turns a missing file into a finding. Any other error may be temporary.
func (r *run) unreadable(b *bundle) error {
	if !errors.Is(b.err, fs.ErrNotExist) {
		return fmt.Errorf("positions from %d on cannot be read: %w", b.first, b.err)
	}
	r.report.find(b.first, "its entries or its tile are missing, so nothing from here on can be checked")
	return errStop
}

// take adds a derived bundle to the result.
func (r *run) take(ctx context.Context, b *bundle) error {
	for _, f := range b.findings {
		r.report.find(f.Position, f.What)
	}
	if len(b.leaves) < b.width*tlog.HashSize {
		return errStop // without it the later entries cannot be located
	}
	if !r.NoTiles && len(b.tile) != len(b.leaves) {
		r.report.find(b.first, fmt.Sprintf("its tile of leaves has %d bytes, and must have %d", len(b.tile), len(b.leaves)))
	}
	for i, l := range b.links {
		r.follow(b.first+int64(i), l)
	}
	r.checkSince(b)
	r.checkRecovered(b)
	if err := r.grow(ctx, b); err != nil {
		return err
	}
	r.report.Read += int64(b.width)
	if r.Progress != nil {
		r.Progress(r.report.Read, r.checkpoint.Size)
	}
	return nil
}

// grow adds the bundle's leaves to the tree.
func (r *run) grow(ctx context.Context, b *bundle) error {
	if b.width < verify.TileWidth {
		appendLeaves(&r.tree, b.leaves)
		return nil
	}
	root := verify.TileRoot(b.leaves)
	r.tree.AppendTile(root)
	return r.addToRow(ctx, 1, root)
}

func appendLeaves(tree *verify.Frontier, leaves []byte) {
	for ; len(leaves) > 0; leaves = leaves[tlog.HashSize:] {
		tree.Append(tlog.Hash(leaves[:tlog.HashSize]))
	}
}

// checkSince compares the root at the size of the kept checkpoint, if that lies within the
// bundle.
func (r *run) checkSince(b *bundle) {
	if r.since == nil || r.since.Size < b.first || r.since.Size >= b.first+int64(b.width) {
		return
	}
	tree := r.tree.Clone()
	appendLeaves(tree, b.leaves[:(r.since.Size-b.first+1)*tlog.HashSize])
	if tree.Root() != r.since.Root {
		r.report.find(0, fmt.Sprintf("the first %d commits are not those of the checkpoint that was kept: the history was rewritten", r.since.Size))
	}
}
