package history_test

import (
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/history"
	"github.com/stafett/stafett/services/internal/identity/pemfile"
	"github.com/stafett/stafett/services/internal/logtest"
)

// TestTwoRootsForOneSizeAreKept as evidence: whoever put another checkpoint, signed
// with the log's own key, beside the tree.
func TestTwoRootsForOneSizeAreKept(t *testing.T) {
	folder := t.TempDir()
	_, s := stream(t, messages(10))
	known(t, folder, s, 10)
	private, err := pemfile.ReadKey[ed25519.PrivateKey](filepath.Join(folder, "checkpoint.key"))
	if err != nil {
		t.Fatal(err)
	}
	signer, err := verify.NewLogSigner("stafett.test/history", private)
	if err != nil {
		t.Fatal(err)
	}
	other := verify.Checkpoint{Origin: signer.Name(), Size: 10}
	signed, err := note.Sign(&note.Note{Text: other.Text()}, signer)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "checkpoint"), signed, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := refusal(t, folder, s); !errors.Is(err, history.ErrAltered) || !strings.Contains(err.Error(), "two roots were signed for size 10") {
		t.Errorf("it opens with %v", err)
	}
}

// TestWithoutItsKeyNothingIsMade: a new key beside what the lost one signed would be
// another log's.
func TestWithoutItsKeyNothingIsMade(t *testing.T) {
	folder := t.TempDir()
	_, s := stream(t, messages(3))
	known(t, folder, s, 3)
	for _, gone := range [][]string{{"checkpoint.key"}, {"checkpoint.key", "tree.db"}, {"checkpoint.key", "checkpoint"}} {
		spoilt := copied(t, folder)
		for _, file := range gone {
			os.Remove(filepath.Join(spoilt, file))
		}
		before := filesIn(t, spoilt)
		h, err := history.Open(logtest.Context(t), config(spoilt, s))
		if err == nil {
			h.Close()
			t.Errorf("without %v it opens", gone)
		} else if !strings.Contains(err.Error(), "put checkpoint.key back") {
			t.Errorf("without %v: %v", gone, err)
		}
		if after := filesIn(t, spoilt); after != before {
			t.Errorf("without %v the folder had %s, and has %s", gone, before, after)
		}
	}
}

// filesIn are the names and sizes of files, and the public key.
func filesIn(t *testing.T, folder string) (all string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		all += entry.Name() + " "
	}
	vkey, err := os.ReadFile(filepath.Join(folder, "log.vkey"))
	if err != nil {
		t.Fatal(err)
	}
	return all + string(vkey)
}

// TestTheFirstOfSeveralFaultsIsNamed: one position was changed, and a later one is
// gone.
func TestTheFirstOfSeveralFaultsIsNamed(t *testing.T) {
	folder := t.TempDir()
	all := messages(20)
	_, s := stream(t, all)
	known(t, folder, s, 20)
	all[4].text = "other"
	nc, altered := stream(t, nil)
	js := logtest.JetStream(t, nc)
	unguarded := eventlog.Config(1)
	unguarded.DenyDelete, unguarded.DenyPurge = false, false
	log := logtest.Recreate(t, js, unguarded)
	write(t, nc, all)
	if err := log.DeleteMsg(logtest.Context(t), 12); err != nil {
		t.Fatal(err)
	}
	if err := refusal(t, folder, altered); !errors.Is(err, history.ErrAltered) || !strings.Contains(err.Error(), "position 5 was changed") {
		t.Errorf("it opens with %v, want position 5", err)
	}
}

// TestWhatWitnessesWereShownIsRemembered without the tree's file, also while too few
// of them have cosigned it.
func TestWhatWitnessesWereShownIsRemembered(t *testing.T) {
	all := messages(10)
	_, s := stream(t, all)
	g := guard(t, s)
	g.down[0].Store(true)
	g.down[2].Store(true)
	t.Run("shown", func(t *testing.T) {
		_, told := run(t, g.folder, s, 10)
		told.await(t, "a witness did not cosign")
	})
	if err := os.Remove(filepath.Join(g.folder, "tree.db")); err != nil {
		t.Fatal(err)
	}
	all[8].text = "other"
	_, altered := stream(t, all)
	if err := refusal(t, g.folder, altered); !errors.Is(err, history.ErrAltered) {
		t.Errorf("it opens with %v", err)
	}
	h := open(t, g.folder, s)
	if head := h.Tree().Head(); head.Size != 10 {
		t.Errorf("made again the tree has %d leaves, want 10", head.Size)
	}
}
