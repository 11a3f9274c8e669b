package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
)

// row is the part of a level above the leaves that does not fill a tile yet.
type row struct {
	tiles  int64 // how many full tiles precede it
	hashes []byte
}

// addToRow adds a hash to a level, and compares the tile if it is now full.
func (r *run) addToRow(ctx context.Context, level int, hash tlog.Hash) error {
	if len(r.rows) < level {
		r.rows = append(r.rows, row{})
	}
	at := &r.rows[level-1]
	at.hashes = append(at.hashes, hash[:]...)
	if len(at.hashes) < verify.TileWidth*tlog.HashSize {
		return nil
	}
	if err := r.compareTile(ctx, level, *at); err != nil {
		return err
	}
	root := verify.TileRoot(at.hashes)
	at.tiles, at.hashes = at.tiles+1, at.hashes[:0]
	return r.addToRow(ctx, level+1, root)
}

// partialRows compares the last tile of each level.
func (r *run) partialRows(ctx context.Context) error {
	for i, at := range r.rows {
		if len(at.hashes) > 0 {
			if err := r.compareTile(ctx, i+1, at); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *run) compareTile(ctx context.Context, level int, at row) error {
	if r.NoTiles {
		return nil
	}
	path := verify.TilePath(verify.Tile(level, at.tiles, len(at.hashes)/tlog.HashSize))
	tile, err := r.source.Read(ctx, path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		r.report.find(0, path+" is missing")
	case err != nil:
		return fmt.Errorf("%s: %w", path, err)
	case !bytes.Equal(tile, at.hashes):
		r.report.find(0, path+" is not the tree's")
	}
	return nil
}
