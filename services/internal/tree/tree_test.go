package tree_test

import (
	"encoding/binary"
	"errors"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/verifytest"
	"github.com/stafett/stafett/services/internal/tree"
)

const origin = "stafett.test/history"

func signer() verify.LogSigner { return verifytest.Log(origin, 0) }

func open(t testing.TB, path string) *tree.Tree {
	t.Helper()
	opened, err := tree.Open(path, signer(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { opened.Close() })
	return opened
}

// leaves are leaves that differ, from one index to another.
func leaves(from, to int64) []tlog.Hash {
	var all []tlog.Hash
	for i := from; i < to; i++ {
		all = append(all, tlog.RecordHash(binary.BigEndian.AppendUint64(nil, uint64(i))))
	}
	return all
}

// reference is the tree as tlog itself keeps it.
type reference []tlog.Hash

func (r reference) ReadHashes(indexes []int64) (found []tlog.Hash, err error) {
	for _, i := range indexes {
		found = append(found, r[i])
	}
	return found, nil
}

func grow(t *testing.T, r reference, from, to int64) reference {
	t.Helper()
	for i, leaf := range leaves(from, to) {
		more, err := tlog.StoredHashesForRecordHash(from+int64(i), leaf, r)
		if err != nil {
			t.Fatal(err)
		}
		r = append(r, more...)
	}
	return r
}

// TestTheTreeIsTheOneOfRFC6962 extends by steps of all kinds across several
// levels of tiles.
func TestTheTreeIsTheOneOfRFC6962(t *testing.T) {
	kept := open(t, filepath.Join(t.TempDir(), "tree.db"))
	var r reference
	var frontier verify.Frontier
	random := rand.New(rand.NewPCG(1, 2))
	for size := int64(0); size < 70_000; {
		next := size + []int64{1, 2, 255, 256, 257, 1 + random.Int64N(9000)}[random.IntN(6)]
		r = grow(t, r, size, next)
		for _, leaf := range leaves(size, next) {
			frontier.Append(leaf)
		}
		head, err := kept.Extend(size, leaves(size, next))
		if err != nil {
			t.Fatal(err)
		}
		want, err := tlog.TreeHash(next, r)
		if err != nil {
			t.Fatal(err)
		}
		if head.Size != next || head.Root != want || frontier.Root() != want {
			t.Fatalf("size %d: the root is %s, the frontier's %s, want %s", next, head.Root, frontier.Root(), want)
		}
		checkSigned(t, head)
		checkProofs(t, kept, head, random)
		size = next
	}
}

func checkSigned(t *testing.T, head tree.Head) {
	t.Helper()
	theirs, err := note.NewVerifier(signer().VKey())
	if err != nil {
		t.Fatal(err)
	}
	opened, err := note.Open(head.Signed, note.VerifierList(theirs))
	if err != nil || opened.Text != head.Text() {
		t.Fatalf("the signed checkpoint opens as %v, %v", opened, err)
	}
}

func checkProofs(t *testing.T, kept *tree.Tree, head tree.Head, random *rand.Rand) {
	t.Helper()
	index, older := random.Int64N(head.Size), 1+random.Int64N(head.Size)
	proof, err := kept.ProveInclusion(index, head.Size)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := kept.Leaf(index)
	if err != nil || leaf != leaves(index, index+1)[0] {
		t.Fatalf("leaf %d is %s, %v", index, leaf, err)
	}
	if err := tlog.CheckRecord(proof, head.Size, head.Root, index, leaf); err != nil {
		t.Errorf("leaf %d of %d: %v", index, head.Size, err)
	}
	var before verify.Frontier
	for _, leaf := range leaves(0, older) {
		before.Append(leaf)
	}
	consistency, err := kept.ProveConsistency(older, head.Size)
	if err != nil {
		t.Fatal(err)
	}
	if err := tlog.CheckTree(consistency, head.Size, head.Root, older, before.Root()); older < head.Size && err != nil {
		t.Errorf("size %d after %d: %v", head.Size, older, err)
	}
}

func TestTheTreeIsThereAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tree.db")
	first := open(t, path)
	head, err := first.Extend(0, leaves(0, 1000))
	if err != nil {
		t.Fatal(err)
	}
	first.Close()
	if again := open(t, path).Head(); again.Checkpoint != head.Checkpoint || string(again.Signed) != string(head.Signed) {
		t.Errorf("it came back as %+v, want %+v", again, head)
	}
}

func TestWhatIsNotThereIsRefused(t *testing.T) {
	kept := open(t, filepath.Join(t.TempDir(), "tree.db"))
	if _, err := kept.Extend(0, leaves(0, 300)); err != nil {
		t.Fatal(err)
	}
	for name, ask := range map[string]func() error{
		"a leaf before the first": func() error { _, err := kept.Leaf(-1); return err },
		"a leaf after the last":   func() error { _, err := kept.Leaf(300); return err },
		"a proof for the future":  func() error { _, err := kept.ProveInclusion(0, 301); return err },
		"a leaf beyond its tree":  func() error { _, err := kept.ProveInclusion(10, 10); return err },
		"a negative index":        func() error { _, err := kept.ProveInclusion(-1, 10); return err },
		"a negative size":         func() error { _, err := kept.ProveConsistency(-1, 10); return err },
		"an older size":           func() error { _, err := kept.ProveConsistency(11, 10); return err },
		"a future consistency":    func() error { _, err := kept.ProveConsistency(10, 301); return err },
		"a tile that is too wide": func() error { _, err := kept.Tile(verify.Tile(0, 1, 45)); return err },
		"a level that is empty":   func() error { _, err := kept.Tile(verify.Tile(2, 0, 1)); return err },
	} {
		if err := ask(); !errors.Is(err, tree.ErrNotThere) {
			t.Errorf("%s: %v, want that it is not there", name, err)
		}
	}
	for _, after := range []int64{0, 299, 301} {
		if _, err := kept.Extend(after, leaves(after, after+1)); err == nil {
			t.Errorf("it was extended after %d and has 300", after)
		}
	}
	if kept.Head().Size != 300 {
		t.Errorf("it has %d leaves after refusals", kept.Head().Size)
	}
}

func TestAnotherKeysTreeIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tree.db")
	kept := open(t, path)
	if _, err := kept.Extend(0, leaves(0, 3)); err != nil {
		t.Fatal(err)
	}
	kept.Close()
	if _, err := tree.Open(path, verifytest.Log(origin, 1), slog.New(slog.DiscardHandler)); !errors.Is(err, tree.ErrDamaged) {
		t.Errorf("opened with another key: %v", err)
	}
}
