package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestOneFlippedBitOnDiskStopsThePlatform flips one bit of the log's own file,
// with and without the server's index. Without it the server lets go of all that
// follows, and says nothing. With some bits it reads on without end, and is given up.
func TestOneFlippedBitOnDiskStopsThePlatform(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	played(t, data).stop(t)
	random := rand.New(rand.NewPCG(seed(t), 0))
	for round := range 12 {
		damaged := filepath.Join(t.TempDir(), "data")
		if err := os.CopyFS(damaged, os.DirFS(data)); err != nil {
			t.Fatal(err)
		}
		blocks := found(t, damaged, "*.blk")
		text, err := os.ReadFile(blocks[0])
		if err != nil {
			t.Fatal(err)
		}
		text[random.IntN(len(text))] ^= 1 << random.IntN(8)
		if err := os.WriteFile(blocks[0], text, 0o600); err != nil {
			t.Fatal(err)
		}
		if round%2 == 1 {
			for _, index := range found(t, damaged, "index.db") {
				os.Remove(index)
			}
		}
		said, code := stafett(t, "up", "--data", damaged, "--port", strconv.Itoa(freePorts(t, 5)))
		if code != 1 || !strings.Contains(said, "position") && !strings.Contains(said, "files are damaged") {
			t.Errorf("it ends with %d and says %q", code, said)
		}
	}
}

func found(t *testing.T, data, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(data, "log", "jetstream", "$G", "streams", "STAFETT", "msgs", pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("there is no %s in %s: %v", pattern, data, err)
	}
	return paths
}
