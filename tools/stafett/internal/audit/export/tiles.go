package export

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/files"
)

// tilesFolder is the folder within an export that holds the tiles of hashes between its
// commits and the checkpoint, in the layout of C2SP tlog-tiles.
const tilesFolder = "history"

// Tiles is a source of a log's tiles.
type Tiles interface {
	Read(ctx context.Context, path string) ([]byte, error)
}

// copied reads tiles from an export's folder, and first fetches missing ones if it has a
// source.
type copied struct {
	ctx    context.Context
	folder files.Folder
	from   Tiles // nil if only the folder may be used
}

func (c copied) read(path string) ([]byte, error) {
	if err := c.get(path); err != nil {
		return nil, err
	}
	return c.folder.Read(c.ctx, path)
}

func (c copied) get(path string) error {
	if c.from == nil || c.folder.Has(path) {
		return nil
	}
	tile, err := c.from.Read(c.ctx, path)
	if err != nil {
		return err
	}
	return c.folder.Write(path, tile)
}

// leaves are those of a checkpoint's history, read a tile at a time, each tile verified
// against the checkpoint's root.
type leaves struct {
	checkpoint verify.Checkpoint
	hashes     tlog.HashReader
	first      int64 // index of the first leaf in row
	row        []tlog.Hash
}

func newLeaves(c verify.Checkpoint, tiles copied) *leaves {
	return &leaves{checkpoint: c, hashes: c.Hashes(tiles.read)}
}

// at returns the leaf of the commit at a position.
func (l *leaves) at(position uint64) (tlog.Hash, error) {
	if position < 1 || position > uint64(l.checkpoint.Size) {
		return tlog.Hash{}, fmt.Errorf("the checkpoint's history has positions 1 to %d and no position %d", l.checkpoint.Size, position)
	}
	index := int64(position) - 1
	if first := index - index%verify.TileWidth; l.row == nil || first != l.first {
		if err := l.read(first); err != nil {
			return tlog.Hash{}, fmt.Errorf("nothing proves position %d: %w", position, err)
		}
	}
	return l.row[index-l.first], nil
}

func (l *leaves) read(first int64) (err error) {
	var indexes []int64
	for index := first; index < min(first+verify.TileWidth, l.checkpoint.Size); index++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, index))
	}
	l.first = first
	l.row, err = l.hashes.ReadHashes(indexes)
	return err
}
