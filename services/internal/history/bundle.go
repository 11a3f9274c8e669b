package history

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/tree"
)

// Bundle returns the bundle of entries under a tile of leaves, read from the log. Errors:
// tree.ErrNotThere beyond the signed size.
func (h *History) Bundle(ctx context.Context, t tlog.Tile) (bundle []byte, err error) {
	if t.N*verify.TileWidth+int64(t.W) > h.tree.Head().Size {
		return nil, fmt.Errorf("%w: %s", tree.ErrNotThere, verify.TilePath(t))
	}
	return h.Stream.Bundle(ctx, t)
}
