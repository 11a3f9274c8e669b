package verify

import "golang.org/x/mod/sumdb/tlog"

// Hashes returns a reader of the hashes of the checkpoint's tree. A tile that does not belong
// to the tree is an error.
func (c Checkpoint) Hashes(read func(path string) ([]byte, error)) tlog.HashReader {
	return tlog.TileHashReader(tlog.Tree{N: c.Size, Hash: c.Root}, tileReader(read))
}

// tileReader reads tiles for tlog, which compares them with the root.
type tileReader func(path string) ([]byte, error)

func (tileReader) Height() int { return tileHeight }

func (r tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	read := make([][]byte, len(tiles))
	for i, t := range tiles {
		var err error
		if read[i], err = r(TilePath(t)); err != nil {
			return nil, err
		}
	}
	return read, nil
}

func (tileReader) SaveTiles([]tlog.Tile, [][]byte) {}
