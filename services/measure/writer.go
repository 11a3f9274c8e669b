package measure

import (
	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/files"
)

// writer writes a history's files in one pass, regardless of its size.
type writer struct {
	folder files.Folder
	bundle []byte
	rows   [][]byte // of each level, the incomplete tile
	next   []int64  // of each level, the index of that tile
}

func (w *writer) add(entry []byte, leaf tlog.Hash) (err error) {
	if w.bundle, err = verify.AppendToBundle(w.bundle, entry); err != nil {
		return err
	}
	index := w.next[0]
	if err := w.hash(0, leaf); err != nil || index == w.next[0] {
		return err
	}
	return w.endBundle(index, verify.TileWidth)
}

func (w *writer) endBundle(index int64, width int) error {
	err := w.folder.Write(verify.TilePath(verify.Tile(verify.Bundles, index, width)), w.bundle)
	w.bundle = w.bundle[:0]
	return err
}

// hash adds a hash to a level.
func (w *writer) hash(level int, hash tlog.Hash) error {
	w.rows[level] = append(w.rows[level], hash[:]...)
	if len(w.rows[level]) < verify.TileWidth*tlog.HashSize {
		return nil
	}
	root := verify.TileRoot(w.rows[level])
	if err := w.write(level); err != nil {
		return err
	}
	w.next[level]++
	w.rows[level] = w.rows[level][:0]
	return w.hash(level+1, root)
}

func (w *writer) write(level int) error {
	width := len(w.rows[level]) / tlog.HashSize
	return w.folder.Write(verify.TilePath(verify.Tile(level, w.next[level], width)), w.rows[level])
}

// end writes the incomplete tiles.
func (w *writer) end() error {
	if width := len(w.rows[0]) / tlog.HashSize; width > 0 {
		if err := w.endBundle(w.next[0], width); err != nil {
			return err
		}
	}
	for level := range w.rows {
		if len(w.rows[level]) > 0 {
			if err := w.write(level); err != nil {
				return err
			}
		}
	}
	return nil
}
