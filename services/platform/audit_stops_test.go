package platform_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/stafett/stafett/pkg/verify"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/platform"
)

// TestWhereAuditStopsTheOthersGoOn: a disk that loses the tree's pages costs no handover, and
// the tree is rebuilt at the next start.
func TestWhereAuditStopsTheOthersGoOn(t *testing.T) {
	w := apitest.NewWorld(t)
	_, before := w.Checkpoint(w.LogEnd(), apitest.HistoryLog)
	tree := apitest.Must[*os.File](t)(os.OpenFile(filepath.Join(w.Data, "audit", "tree.db"), os.O_WRONLY, 0))
	defer tree.Close()
	apitest.Must[int](t)(tree.WriteAt(make([]byte, 16*os.Getpagesize()), 0))
	w.Unaudited = true
	w.Desk("sender").OpenConversation()
	for audit := w.Auditor().Audit; w.Ctx.Err() == nil; {
		if _, err := audit.GetCheckpoint(w.Ctx, &auditv1.GetCheckpointRequest{}); err != nil {
			break
		}
		time.Sleep(10 * time.Millisecond) // leaves the processors to what it waits for
	}
	w.Desk("sender").OpenConversation()
	w.Restart(func() {})
	w.Unaudited = false
	if _, c := w.Checkpoint(w.LogEnd(), apitest.HistoryLog); c.Size <= before.Size {
		t.Errorf("rebuilt, the tree has %d commits, and had %d", c.Size, before.Size)
	}
	if _, err := os.Stat(filepath.Join(w.Data, "audit", "tree.db.damaged")); err != nil {
		t.Error(err)
	}
}

// TestFilesOfAuditsOwnStopAuditAlone, at the start as well; but not where the log was
// altered, whatever else is damaged.
func TestFilesOfAuditsOwnStopAuditAlone(t *testing.T) {
	w := apitest.NewWorld(t)
	w.Checkpoint(w.LogEnd(), apitest.HistoryLog)
	folder := filepath.Join(w.Data, "audit")
	garbage := func(file string) func() error {
		return func() error { return os.WriteFile(filepath.Join(folder, file), []byte("garbage"), 0o600) }
	}
	for name, spoil := range map[string]func() error{
		"checkpoint": garbage("checkpoint"), "checkpoint.shown": garbage("checkpoint.shown"), "trust.policy": garbage("trust.policy"), "checkpoint.key": garbage("checkpoint.key"),
		"a pipe for checkpoint": func() error {
			return errors.Join(os.Remove(filepath.Join(folder, "checkpoint")), unix.Mkfifo(filepath.Join(folder, "checkpoint"), 0o600))
		},
	} {
		kept := t.TempDir()
		w.Restart(func() {
			if err := errors.Join(os.CopyFS(filepath.Join(kept, "audit"), os.DirFS(folder)), spoil()); err != nil {
				t.Fatal(err)
			}
		})
		w.Unaudited = true
		w.Desk("sender").OpenConversation()
		if _, err := w.Auditor().Audit.GetCheckpoint(w.Ctx, &auditv1.GetCheckpointRequest{}); err == nil {
			t.Errorf("%s: audit answers", name)
		}
		w.Restart(func() {
			if err := errors.Join(os.RemoveAll(folder), os.CopyFS(folder, os.DirFS(filepath.Join(kept, "audit")))); err != nil {
				t.Fatal(err)
			}
		})
		w.Unaudited = false
	}
	w.Checkpoint(w.LogEnd(), apitest.HistoryLog)
	w.Stop()
	if err := garbage("checkpoint")(); err != nil {
		t.Fatal(err)
	}
	rewrite(t, w.Data, eventlog.Name, func(all []verify.Message) []verify.Message { all[1].Payload[30] ^= 1; return all })
	p, err := platform.Up(w.Ctx, platform.Config{Data: w.Data, Lines: w.Lines})
	if err == nil {
		p.Close()
		t.Error("it starts on a log that was altered")
	}
}
