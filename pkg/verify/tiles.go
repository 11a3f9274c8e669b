package verify

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Tiles are 256 hashes wide.
const (
	tileHeight = 8
	TileWidth  = 1 << tileHeight
)

// Bundles is the level of tiles that have entries instead of hashes.
const Bundles = -1

// CheckpointPath is where a log has its newest checkpoint, below its prefix.
const CheckpointPath = "checkpoint"

// Tile is the tile of a level, an index within it and a width.
func Tile(level int, index int64, width int) tlog.Tile {
	return tlog.Tile{H: tileHeight, L: level, N: index, W: width}
}

// TileOf is the narrowest tile that a hash can be read from, by its index among
// the stored hashes.
func TileOf(index int64) tlog.Tile { return tlog.TileForIndex(tileHeight, index) }

// TileRoot is the hash over a full tile, which stands for it in the level above.
func TileRoot(tile []byte) tlog.Hash {
	var row [TileWidth]tlog.Hash
	for i := range row {
		copy(row[i][:], tile[i*tlog.HashSize:])
	}
	for width := TileWidth / 2; width > 0; width /= 2 {
		for i := range width {
			row[i] = tlog.NodeHash(row[2*i], row[2*i+1])
		}
	}
	return row[0]
}

// TilePath is where a log has a tile, below its prefix.
func TilePath(t tlog.Tile) string {
	path := strings.TrimPrefix(t.Path(), "tile/8/")
	if bundle, ok := strings.CutPrefix(path, "data/"); ok {
		path = "entries/" + bundle
	}
	return "tile/" + path
}

// ParseTilePath is TilePath backwards.
func ParseTilePath(path string) (tlog.Tile, error) {
	rest, ok := strings.CutPrefix(path, "tile/")
	if bundle, entries := strings.CutPrefix(rest, "entries/"); entries {
		rest = "data/" + bundle
	} else if strings.HasPrefix(rest, "data/") {
		ok = false
	}
	t, err := tlog.ParseTilePath("tile/8/" + rest)
	if !ok || err != nil {
		return tlog.Tile{}, fmt.Errorf("%s is no tile; write tile/LEVEL/INDEX or tile/entries/INDEX", path)
	}
	return t, nil
}

// TreeTiles are the tiles of a tree of a size at a level, all full but the last.
// A level that the tree does not reach has none.
func TreeTiles(level int, size int64) (full int64, partial int) {
	hashes := size >> (tileHeight * max(level, 0))
	return hashes >> tileHeight, int(hashes & (TileWidth - 1))
}

// AppendToBundle adds an entry to a bundle of them.
func AppendToBundle(bundle, entry []byte) ([]byte, error) {
	if len(entry) > MaxEntry {
		return nil, fmt.Errorf("an entry of %d bytes is larger than %d, so no tile can carry it", len(entry), MaxEntry)
	}
	bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(entry)))
	return append(bundle, entry...), nil
}

// CutFromBundle takes the first entry off a bundle. It shares the bundle's bytes.
func CutFromBundle(bundle []byte) (entry, rest []byte, err error) {
	if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
		return nil, nil, errors.New("the bundle ends within an entry; fetch it again")
	}
	end := 2 + int(binary.BigEndian.Uint16(bundle))
	return bundle[2:end], bundle[end:], nil
}
