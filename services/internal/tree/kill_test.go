package tree_test

import (
	"bufio"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/tree"
)

// childOf names the file that a child of this test extends until it is killed.
const childOf = "STAFETT_TEST_TREE"

func TestMain(m *testing.M) {
	if path := os.Getenv(childOf); path != "" {
		extendForEver(path)
	}
	os.Exit(m.Run())
}

// extendForEver tells of every checkpoint that it signs, as soon as it could have
// left the process.
func extendForEver(path string) {
	kept, err := tree.Open(path, signer(), slog.New(slog.DiscardHandler))
	if err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
	for step := int64(1); ; step = step%600 + 37 {
		size := kept.Head().Size
		head, err := kept.Extend(size, leaves(size, size+step))
		if err != nil {
			fmt.Println("failed", err)
			os.Exit(1)
		}
		fmt.Println(head.Size, head.Root)
	}
}

// TestKilledAnywhereThereIsOneRootForEachSize kills a process again and again
// while it signs, between bbolt's writes as well; package history kills at each step. Whatever it told of before must still be so, and the tree goes
// on without a gap.
func TestKilledAnywhereThereIsOneRootForEachSize(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tree.db")
	told := map[string]string{}
	for round := range 20 {
		last := killedAfter(t, path, round%9, told)
		kept := open(t, path)
		if kept.Head().Size < last {
			t.Fatalf("round %d: it told of %d, and has %d", round, last, kept.Head().Size)
		}
		kept.Close()
	}
	kept := open(t, path)
	var want verify.Frontier
	for _, leaf := range leaves(0, kept.Head().Size) {
		want.Append(leaf)
		if root, signed := told[fmt.Sprint(want.Size())]; signed && root != want.Root().String() {
			t.Errorf("size %d was signed with the root %s, and is %s", want.Size(), root, want.Root())
		}
	}
	if kept.Head().Root != want.Root() {
		t.Errorf("at %d the root is %s, want %s", want.Size(), kept.Head().Root, want.Root())
	}
}

// killedAfter starts a child, reads some of what it tells, kills it, and reads
// the rest. It returns the last size that was told.
func killedAfter(t *testing.T, path string, lines int, told map[string]string) (last int64) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childOf+"="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	reading := bufio.NewScanner(out)
	for count := 0; reading.Scan(); count++ {
		size, root, _ := strings.Cut(reading.Text(), " ")
		if size == "failed" {
			t.Fatal(root)
		}
		if before, again := told[size]; again && before != root {
			t.Fatalf("size %s was signed twice: %s and %s", size, before, root)
		}
		told[size] = root
		fmt.Sscan(size, &last)
		if count == lines {
			child.Process.Kill()
		}
	}
	child.Wait()
	return last
}
