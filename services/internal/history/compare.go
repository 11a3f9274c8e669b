package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/tree"
)

// ErrAltered: the log differs from the history that was signed.
var ErrAltered = errors.New("the log does not have the history that was signed")

// whatToDo ends every message about an altered log.
const whatToDo = "nothing may be appended to it; restore the log from a copy that has this position as it was"

// compare reads the log up to the largest signed size, and compares every commit with its leaf
// and every signed root with the log's own. It returns that size.
func (h *History) compare(ctx context.Context) (end int64, err error) {
	c := comparison{history: h, head: h.tree.Head(), signed: map[int64]tlog.Hash{}}
	if end, err = c.addSigned(append(h.signed, c.head.Checkpoint)); err != nil {
		return 0, err
	}
	last, err := h.Stream.Last(ctx)
	if err != nil {
		return 0, err
	}
	if end == 0 && last > 0 {
		h.Logger.Warn("nothing that was signed before is here, so the whole log is signed again; compare it with checkpoints that others kept", "appends", last)
	}
	// Report a shortfall only after comparing what is there: the first wrong position may come
	// before the end.
	if err := h.Stream.Read(ctx, 1, min(end, last), c.next); err != nil {
		return 0, cmp.Or(c.result(), missing(err))
	}
	if c.differs == 0 && last < end {
		return 0, fmt.Errorf("%w: position %d is missing; the log ends at %d and was signed up to %d; %s", ErrAltered, last+1, last, end, whatToDo)
	}
	return end, c.result()
}

// addSigned adds signed checkpoints, wherever they are kept, and returns the largest size.
func (c *comparison) addSigned(all []verify.Checkpoint) (end int64, err error) {
	for _, one := range all {
		if root, known := c.signed[one.Size]; known && root != one.Root {
			return 0, fmt.Errorf("%w: two roots were signed for size %d; keep all files in the folder as evidence", ErrAltered, one.Size)
		}
		c.signed[one.Size], end = one.Root, max(end, one.Size)
	}
	return end, nil
}

// comparison is a pass through the log.
type comparison struct {
	history *History
	head    tree.Head
	// signed roots, by size
	signed map[int64]tlog.Hash
	log    verify.Frontier
	tile   []byte // of leaves, from the tree
	// differs is the first position whose leaf differs from the tree's; 0 if none does.
	differs int64
	// wrong is the first signed size at which the log's root differs; 0 if none does.
	wrong int64
}

func (c *comparison) next(position int64, m verify.Message) error {
	leaf := m.Leaf()
	c.log.Append(leaf)
	if position <= c.head.Size && c.differs == 0 {
		if err := c.leaf(position-1, leaf); err != nil {
			return err
		}
	}
	if root, signed := c.signed[position]; signed && root != c.log.Root() && c.wrong == 0 {
		c.wrong = position
	}
	return nil
}

// leaf compares a leaf with the tree's.
func (c *comparison) leaf(index int64, leaf tlog.Hash) error {
	place := int(index % verify.TileWidth)
	if place == 0 {
		width := min(c.head.Size-index, verify.TileWidth)
		tile, err := c.history.tree.Tile(verify.Tile(0, index/verify.TileWidth, int(width)))
		if err != nil {
			return err
		}
		c.tile = tile
	}
	if tlog.Hash(c.tile[place*tlog.HashSize:(place+1)*tlog.HashSize]) != leaf {
		c.differs = index + 1
	}
	return nil
}

// result is the outcome of the comparison. Opening the tree has shown that it is as it was
// signed, so any difference is the log's.
func (c *comparison) result() error {
	switch {
	case c.differs > 0:
		return fmt.Errorf("%w: position %d was changed; %s", ErrAltered, c.differs, whatToDo)
	case c.wrong > 0:
		return fmt.Errorf("%w: a position up to %d was changed; %s", ErrAltered, c.wrong, whatToDo)
	}
	return nil
}
