package platform_test

import (
	"os"
	"path/filepath"
	"testing"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
)

// TestWhereAuditStopsTheOthersGoOn: a disk that loses the tree's pages costs nobody a
// handover, and the tree is made anew at the next start.
func TestWhereAuditStopsTheOthersGoOn(t *testing.T) {
	w := newWorld(t)
	_, before := w.checkpointOf(w.last(), history)
	tree := must[*os.File](t)(os.OpenFile(filepath.Join(w.data, "audit", "tree.db"), os.O_WRONLY, 0))
	defer tree.Close()
	must[int](t)(tree.WriteAt(make([]byte, 16*os.Getpagesize()), 0))
	w.untold = true
	w.desk("sender").open()
	for audit := w.auditor().Audit; w.ctx.Err() == nil; {
		if _, err := audit.GetCheckpoint(w.ctx, &auditv1.GetCheckpointRequest{}); err != nil {
			break
		}
	}
	w.desk("sender").open()
	w.restart(func() {})
	w.untold = false
	if _, c := w.checkpointOf(w.last(), history); c.Size <= before.Size {
		t.Errorf("made anew the tree has %d appends, and had %d", c.Size, before.Size)
	}
	if _, err := os.Stat(filepath.Join(w.data, "audit", "tree.db.damaged")); err != nil {
		t.Error(err)
	}
}
