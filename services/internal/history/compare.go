package history

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/tree"
	"github.com/stafett/stafett/services/rawlog"
)

// ErrAltered: the log differs from the history that was signed.
var ErrAltered = errors.New("the log does not have the history that was signed")

// whatToDo ends every message about an altered log.
const whatToDo = "nothing may be appended to it; restore the log from a copy that has this position as it was, or open a new one with \"stafett recover\""

// Compare reads the log up to the largest signed size, and compares every commit with its leaf
// and every signed root with the log's own. Errors: ErrAltered.
func (h *History) Compare(ctx context.Context) error {
	c, end, err := h.comparison()
	if err != nil {
		return err
	}
	last, err := h.Stream.Last(ctx)
	if err != nil {
		return err
	}
	if end == 0 && last > 0 && h.begins {
		if err := h.warnUnlessNew(ctx, last); err != nil {
			return err
		}
	}
	// Report a shortfall only after comparing what is there: the first wrong position may come
	// before the end.
	if err := h.Stream.Read(ctx, 1, min(end, last), c.next); err != nil {
		return cmp.Or(c.result(), missing(err))
	}
	if c.differs == 0 && last < end {
		return fmt.Errorf("%w: position %d is missing; the log ends at %d and was signed up to %d; %s", ErrAltered, last+1, last, end, whatToDo)
	}
	h.Logger.Debug("log compared", "size", end)
	return c.result()
}

// newLog is the age up to which a log without anything signed is taken for a new one.
const newLog = time.Minute

// warnUnlessNew says that an older log is signed from its beginning again. In a new platform the
// other services append a moment before the history opens.
func (h *History) warnUnlessNew(ctx context.Context, appends int64) error {
	h.begins = false
	begun, err := h.Stream.Begun(ctx)
	if err == nil && time.Since(begun) > newLog {
		h.Logger.Warn("nothing that was signed before is here, so the whole log is signed again; compare it with checkpoints that others kept", "appends", appends, "begun", begun)
	}
	return err
}

// tail is how many of the last signed commits are compared before the log is used.
const tail = verify.TileWidth

// endsAsSigned reports whether the end of the log is as it was signed: nothing is missing there,
// the last commits have the tree's leaves, and the tree has every signed root. So a log that was
// cut, rolled back or continued differently does not pass, however far back it was cut.
func (h *History) endsAsSigned(ctx context.Context) (bool, error) {
	c, end, err := h.comparison()
	if err != nil {
		return false, err
	}
	last, err := h.Stream.Last(ctx)
	if err != nil || end == 0 || end > last || end > c.head.Size {
		return false, err
	}
	for size, root := range c.signed {
		if own, err := h.tree.Root(size); err != nil || own != root {
			return false, err
		}
	}
	err = h.Stream.Read(ctx, max(1, end-tail+1), end, func(position int64, m verify.Message) error {
		return c.leaf(position-1, m.Leaf())
	})
	if errors.Is(err, rawlog.ErrNotFound) {
		return false, nil
	}
	return c.differs == 0, err
}

// comparison begins one with all that was signed, wherever it is kept, and returns the largest
// size. Errors: ErrAltered for two roots of one size.
func (h *History) comparison() (c comparison, end int64, err error) {
	c = comparison{history: h, head: h.tree.Head(), signed: map[int64]tlog.Hash{}}
	for _, one := range append(h.before(), c.head.Checkpoint) {
		if root, known := c.signed[one.Size]; known && root != one.Root {
			return c, 0, fmt.Errorf("%w: two roots were signed for size %d; keep all files in the folder as evidence", ErrAltered, one.Size)
		}
		c.signed[one.Size], end = one.Root, max(end, one.Size)
	}
	return c, end, nil
}

// comparison is a pass through the log.
type comparison struct {
	history *History
	head    tree.Head
	// signed roots, by size
	signed map[int64]tlog.Hash
	log    verify.Frontier
	tile   []byte // of leaves, from the tree
	first  int64  // the index of the tile's first leaf; valid once there is a tile
	// differs is the first position whose leaf differs from the tree's; 0 if none does.
	differs int64
	// wrong is the first signed size at which the log's root differs; 0 if none does.
	wrong int64
}

func (c *comparison) next(position int64, m verify.Message) error {
	leaf := m.Leaf()
	c.log.Append(leaf)
	if position <= c.head.Size {
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
	if first := index - int64(place); c.tile == nil || first != c.first {
		width := min(c.head.Size-first, verify.TileWidth)
		tile, err := c.history.tree.Tile(verify.Tile(0, first/verify.TileWidth, int(width)))
		if err != nil {
			return err
		}
		c.tile, c.first = tile, first
	}
	if tlog.Hash(c.tile[place*tlog.HashSize:]) != leaf && c.differs == 0 {
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
