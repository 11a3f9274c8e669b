package history

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/tree"
)

// Bundle is the bundle of entries under a tile of leaves, read from the log.
// Errors: tree.ErrNotThere beyond what is signed.
func (h *History) Bundle(ctx context.Context, t tlog.Tile) (bundle []byte, err error) {
	first := t.N * verify.TileWidth
	if first+int64(t.W) > h.tree.Head().Size {
		return nil, fmt.Errorf("%w: %s", tree.ErrNotThere, verify.TilePath(t))
	}
	err = h.Stream.Read(ctx, first+1, first+int64(t.W), func(_ int64, m verify.Message) (err error) {
		bundle, err = verify.AppendToBundle(bundle, m.Entry())
		return err
	})
	return bundle, err
}
