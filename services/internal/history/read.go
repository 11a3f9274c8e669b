package history

import (
	"context"

	"github.com/stafett/stafett/pkg/verify"
)

// Read passes the messages between two positions to each, both included, in order. Those that are
// signed have been compared with the tree; the log's newest may not be. Errors: ErrAltered.
func (h *History) Read(ctx context.Context, from, to uint64, each func(position uint64, m verify.Message, signed bool) error) error {
	c := comparison{history: h, head: h.tree.Head()}
	err := h.Stream.Read(ctx, int64(from), int64(to), func(position int64, m verify.Message) error {
		signed := position <= c.head.Size
		if signed {
			if err := c.leaf(position-1, m.Leaf()); err != nil {
				return err
			}
			if c.differs > 0 {
				return c.result()
			}
		}
		return each(uint64(position), m, signed)
	})
	return missing(err)
}
