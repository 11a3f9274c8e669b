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

// Bundles is the level of tiles that hold entries instead of hashes.
const Bundles = -1

// CheckpointPath is the path of a log's newest checkpoint, below its prefix.
const CheckpointPath = "checkpoint"

// Tile returns the tile with a level, an index within it and a width.
func Tile(level int, index int64, width int) tlog.Tile {
	return tlog.Tile{H: tileHeight, L: level, N: index, W: width}
}

// TileOf returns the narrowest tile that contains a hash, given its index among the stored
// hashes.
func TileOf(index int64) tlog.Tile { return tlog.TileForIndex(tileHeight, index) }

// TileRoot returns the hash over a full tile, which represents it in the level above.
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

// TilePath returns the path of a log's tile, below its prefix.
func TilePath(t tlog.Tile) string {
	path := strings.TrimPrefix(t.Path(), "tile/8/")
	if bundle, ok := strings.CutPrefix(path, "data/"); ok {
		path = "entries/" + bundle
	}
	return "tile/" + path
}

// ParseTilePath is the inverse of TilePath.
func ParseTilePath(path string) (tlog.Tile, error) {
	rest, ok := strings.CutPrefix(path, "tile/")
	if bundle, entries := strings.CutPrefix(rest, "entries/"); entries {
		rest = "data/" + bundle
	} else if strings.HasPrefix(rest, "data/") {
		ok = false
	}
	t, err := tlog.ParseTilePath("tile/8/" + rest)
	if !ok || err != nil {
		return tlog.Tile{}, fmt.Errorf("%s is not a tile; write tile/LEVEL/INDEX or tile/entries/INDEX", path)
	}
	return t, nil
}

// TreeTiles returns how many tiles of a level are full in a tree of a size, and the width of
// the partial one after them. Both are 0 on a level that the tree does not reach.
func TreeTiles(level int, size int64) (full int64, partial int) {
	hashes := size >> (tileHeight * max(level, 0))
	return hashes >> tileHeight, int(hashes & (TileWidth - 1))
}

// AppendToBundle appends an entry to a bundle.
func AppendToBundle(bundle, entry []byte) ([]byte, error) {
	if len(entry) > MaxEntry {
		return nil, fmt.Errorf("an entry of %d bytes is larger than %d, so no tile can carry it", len(entry), MaxEntry)
	}
	bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(entry)))
	return append(bundle, entry...), nil
}

// CutFromBundle splits the first entry off a bundle. The results share the bundle's bytes.
func CutFromBundle(bundle []byte) (entry, rest []byte, err error) {
	if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
		return nil, nil, errors.New("the bundle ends within an entry; fetch it again")
	}
	end := 2 + int(binary.BigEndian.Uint16(bundle))
	return bundle[2:end], bundle[end:], nil
}
