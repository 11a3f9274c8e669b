package tree_test

import (
	"bytes"
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/boltfile/boltfiletest"
	"github.com/stafett/stafett/services/internal/tree"
)

// grown makes a file that has been written to many times, so that it has pages
// that are free.
func grown(t *testing.T, size int64) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tree.db")
	kept := open(t, path)
	for kept.Head().Size < size {
		after := kept.Head().Size
		if _, err := kept.Extend(after, leaves(after, min(size, after+97))); err != nil {
			t.Fatal(err)
		}
	}
	kept.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return whole
}

// TestEveryFlippedBitOfTheFileIsFoundOrMeansNothing flips any bit of the file as
// it lies on the disk. Either it is refused, or it is in what is not used: then
// nothing is different, and the tree grows rightly.
func TestEveryFlippedBitOfTheFileIsFoundOrMeansNothing(t *testing.T) {
	t.Parallel()
	const flips, size = 10_000, 1100
	whole := grown(t, size)
	path := filepath.Join(t.TempDir(), "tree.db")
	write(t, path, whole)
	random := rand.New(rand.NewPCG(3, 3))
	refused, opened := 0, 0
	for range flips {
		bit := random.IntN(8 * len(whole))
		if !isWhole(t, path, whole, bit, size) {
			refused++
			continue
		}
		if opened++; opened%100 == 0 {
			flipped := bytes.Clone(whole)
			flipped[bit/8] ^= 1 << (bit % 8)
			write(t, path, flipped)
			growsOn(t, path, size)
			write(t, path, whole)
		}
	}
	if refused < flips/10 || opened < flips/10 {
		t.Errorf("%d were refused and %d opened, so little is shown", refused, opened)
	}
}

// TestEveryBitOfThePagesHeadsCounts: of the two pages that say where the others
// are, and of the beginning of every other, each bit in turn.
func TestEveryBitOfThePagesHeadsCounts(t *testing.T) {
	t.Parallel()
	const size = 300
	whole := grown(t, size)
	path := filepath.Join(t.TempDir(), "tree.db")
	write(t, path, whole)
	for page := 0; page < len(whole)/os.Getpagesize(); page++ {
		const meta, other = 80, 48
		for bit := range 8 * other {
			isWhole(t, path, whole, 8*page*os.Getpagesize()+bit, size)
		}
		for bit := 8 * other; page < 2 && bit < 8*meta; bit++ {
			isWhole(t, path, whole, 8*page*os.Getpagesize()+bit, size)
		}
	}
}

func write(t *testing.T, path string, file []byte) {
	t.Helper()
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
}

// isWhole says whether a file opens with a bit flipped, and wants that it then
// has the tree.
func isWhole(t *testing.T, path string, whole []byte, bit int, size int64) bool {
	t.Helper()
	at := whole[bit/8 : bit/8+1]
	if err := overwrite(path, int64(bit/8), []byte{at[0] ^ 1<<(bit%8)}); err != nil {
		t.Fatal(err)
	}
	defer overwrite(path, int64(bit/8), at)
	return opens(t, path, size)
}

func opens(t *testing.T, path string, size int64) bool {
	t.Helper()
	kept, err := tree.Open(path, signer(), slog.New(slog.DiscardHandler))
	if err != nil {
		if !errors.Is(err, tree.ErrDamaged) {
			t.Errorf("it is refused with %v", err)
		}
		return false
	}
	defer kept.Close()
	if kept.Head().Size != size || kept.Head().Root != rootOf(size) || !hasLeaves(kept, size) {
		t.Errorf("it opens with %d leaves", kept.Head().Size)
	}
	return true
}

// growsOn wants a file that opens to grow rightly.
func growsOn(t *testing.T, path string, size int64) {
	t.Helper()
	kept := open(t, path)
	defer kept.Close()
	if head, err := kept.Extend(size, leaves(size, size+700)); err != nil || head.Root != rootOf(size+700) || !hasLeaves(kept, size+700) {
		t.Errorf("it grows to %d, %v", head.Size, err)
	}
}

var roots sync.Map // by size

func rootOf(size int64) tlog.Hash {
	if root, known := roots.Load(size); known {
		return root.(tlog.Hash)
	}
	var f verify.Frontier
	for _, leaf := range leaves(0, size) {
		f.Append(leaf)
	}
	roots.Store(size, f.Root())
	return f.Root()
}

var firstLeaves = leaves(0, 2000)

func hasLeaves(kept *tree.Tree, size int64) bool {
	for first := int64(0); first < size; first += verify.TileWidth {
		tile, err := kept.Tile(verify.Tile(0, first/verify.TileWidth, int(min(size-first, verify.TileWidth))))
		if err != nil {
			return false
		}
		for i := range len(tile) / tlog.HashSize {
			if tlog.Hash(tile[i*tlog.HashSize:]) != firstLeaves[first+int64(i)] {
				return false
			}
		}
	}
	return true
}

// TestPagesInACircleAreRefused, at the start and while the tree is open: following them would never end.
func TestPagesInACircleAreRefused(t *testing.T) {
	const size = 1100
	path := filepath.Join(t.TempDir(), "tree.db")
	write(t, path, grown(t, size))
	kept := open(t, path)
	if err := boltfiletest.Circles["a page that names itself"](path); err != nil {
		t.Fatal(err)
	}
	if failed := asked(kept, size); failed != 10 {
		t.Errorf("while it is open, %d of 10 questions fail", failed)
	}
	kept.Close()
	if opens(t, path, size) {
		t.Error("it opens")
	}
}

// TestAPageThatGoesBadIsAnError, while the tree is open, whatever is asked of it
// then. It can still be closed. How long a page says that it is, in its first 16
// bytes, bbolt believes once the file is open; the next start would find it.
func TestAPageThatGoesBadIsAnError(t *testing.T) {
	t.Parallel()
	const size = 1100
	whole, page := grown(t, size), os.Getpagesize()
	for name, damage := range map[string]func(path string, at int64) error{
		"zeroed":    func(path string, at int64) error { return overwrite(path, at, make([]byte, page)) },
		"scribbled": func(path string, at int64) error { return overwrite(path, at+16, bytes.Repeat([]byte{0xa5}, page-16)) },
		"cut off":   os.Truncate,
	} {
		failed := 0
		for at := 0; at < len(whole); at += page {
			path := filepath.Join(t.TempDir(), "tree.db")
			write(t, path, whole)
			kept := open(t, path)
			if err := damage(path, int64(at)); err != nil {
				t.Fatal(err)
			}
			failed += asked(kept, size)
			kept.Close()
		}
		if failed == 0 {
			t.Errorf("%s: nothing failed", name)
		}
	}
}

func overwrite(path string, at int64, with []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(with, at)
	return errors.Join(err, f.Close())
}

// asked asks for everything, twice, and says how much failed.
func asked(kept *tree.Tree, size int64) (failed int) {
	for range 2 {
		for _, err := range []error{
			second(kept.Tile(verify.Tile(0, 0, verify.TileWidth))),
			second(kept.Leaf(size - 1)),
			second(kept.ProveInclusion(3, size)),
			second(kept.ProveConsistency(300, size)),
			second(kept.Extend(size, leaves(size, size+300))),
		} {
			if err != nil {
				failed++
			}
		}
	}
	return failed
}

func second[T any](_ T, err error) error { return err }
