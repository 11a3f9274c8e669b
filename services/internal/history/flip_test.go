package history_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/history"
)

// TestAFlippedBitOfTheTreesFileNeverShortensTheHistory, in any page: not even in the two meta
// pages, of which bbolt would accept one and fall back to the previous transaction. The tree
// is unchanged, or its file is moved aside and the tree rebuilt from the log to the same
// state.
func TestAFlippedBitOfTheTreesFileNeverShortensTheHistory(t *testing.T) {
	folder := t.TempDir()
	nc, s := stream(t, messages(30))
	known(t, folder, s, 30)
	write(t, nc, messages(5))
	known(t, folder, s, 35)
	want := published(t, folder)
	path := filepath.Join(folder, "tree.db")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const meta = 80
	var bits []int
	for bit := 0; bit < 8*meta; bit += 5 {
		bits = append(bits, bit, 8*os.Getpagesize()+bit)
	}
	random, aside := rand.New(rand.NewPCG(5, 5)), 0
	for range 100 {
		bits = append(bits, random.IntN(8*len(whole)))
	}
	for _, bit := range bits {
		whole[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		whole[bit/8] ^= 1 << (bit % 8)
		h, err := history.Open(t.Context(), config(folder, s))
		if err != nil {
			t.Fatalf("bit %d: %v", bit, err)
		}
		if string(h.Tree().Head().Signed) != string(want) || string(h.Published()) != string(want) {
			t.Errorf("bit %d: it has %d commits", bit, h.Tree().Head().Size)
		}
		h.Close()
		if os.Remove(path+".damaged") == nil {
			aside++
		}
	}
	const unused = 6 // bytes of them: how many elements and how many more pages they have
	if aside < 2*8*(meta-unused)/5-2 {
		t.Errorf("only %d files were set aside", aside)
	}
	os.Remove(path)
	if again := follow(t, open(t, folder, s), 35); string(again) != string(want) {
		t.Errorf("made again it publishes %s, and published %s before", again, want)
	}
}

func published(t *testing.T, folder string) []byte {
	t.Helper()
	signed, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := verify.UnverifiedCheckpoint(signed); err != nil {
		t.Fatal(err)
	}
	return signed
}
