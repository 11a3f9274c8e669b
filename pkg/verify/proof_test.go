package verify_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/verifytest"
)

func TestEntries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bytesOf := rapid.SliceOfN(rapid.Byte(), 0, 1200)
		m := verify.Message{Subject: rapid.String().Draw(t, "subject"), Header: bytesOf.Draw(t, "header"), Payload: bytesOf.Draw(t, "payload")}
		entry := m.Entry()
		if len(entry) != m.EntrySize() {
			t.Fatalf("the entry has %d bytes and says %d", len(entry), m.EntrySize())
		}
		if m.Leaf() != tlog.RecordHash(entry) || verify.LeafOf(entry) != m.Leaf() {
			t.Fatalf("the leaf is not the entry's")
		}
		read, err := verify.ParseEntry(entry)
		if err != nil || read.Subject != m.Subject || !bytes.Equal(read.Header, m.Header) || !bytes.Equal(read.Payload, m.Payload) {
			t.Fatalf("%v came back as %v, %v", m, read, err)
		}
		for _, wrong := range [][]byte{entry[:len(entry)-1], append(bytes.Clone(entry), 0), entry[1:], nil} {
			if read, err := verify.ParseEntry(wrong); err == nil && !bytes.Equal(read.Entry(), wrong) {
				t.Fatalf("%x is read as %v", wrong, read)
			}
		}
		if _, err := verify.ParseEntry(entry[:len(entry)-1]); err == nil {
			t.Fatal("an entry without its end is read")
		}
	})
}

// hashes stores a tree as tlog does.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) (found []tlog.Hash, err error) {
	for _, i := range indexes {
		found = append(found, h[i])
	}
	return found, nil
}

// proofOf makes a history of some messages and proves one of them.
func proofOf(size, index int64) verify.Proof {
	var tree hashes
	var entries [][]byte
	for i := range size {
		m := verify.Message{Subject: "s", Header: []byte("h"), Payload: fmt.Append(nil, i)}
		entries = append(entries, m.Entry())
		tree = append(tree, verifytest.Must(tlog.StoredHashes(i, m.Entry(), tree))...)
	}
	c := verify.Checkpoint{Origin: ourLog.Name(), Size: size, Root: verifytest.Must(tlog.TreeHash(size, tree))}
	return verify.Proof{
		Entry: entries[index], Index: index, Path: verifytest.Must(tlog.ProveRecord(size, index, tree)),
		Checkpoint: verifytest.Must(note.Sign(&note.Note{Text: c.Text()}, ourLog)),
	}
}

func TestProofs(t *testing.T) {
	policy := verifytest.Must(verify.ParsePolicy(names("log $L\nquorum none")))
	for _, size := range []int64{1, 2, 3, 100} {
		for index := range size {
			file := proofOf(size, index).Marshal()
			m, c, err := verifytest.Must(verify.ParseProof(file)).Verify(policy)
			if err != nil || c.Size != size || string(m.Payload) != fmt.Sprint(index) {
				t.Errorf("%d of %d: %v, %v, %v", index, size, m, c, err)
			}
		}
	}
}

// The log's signature alone proves nothing under a policy that requires more.
func TestAProofNeedsThePolicysWitnesses(t *testing.T) {
	policy := verifytest.Must(verify.ParsePolicy(names("log $L\nwitness w $W1\nquorum w")))
	if _, _, err := proofOf(10, 3).Verify(policy); !errors.Is(err, verify.ErrQuorum) {
		t.Errorf("it is verified with %v, want %v", err, verify.ErrQuorum)
	}
}

// Base64 and decimals are parsed strictly.
func TestAProofWithAFlippedBitProvesNothing(t *testing.T) {
	policy := verifytest.Must(verify.ParsePolicy(names("log $L\nquorum none")))
	file := proofOf(100, 42).Marshal()
	random := rand.New(rand.NewPCG(1, 1))
	for range 3000 {
		flipped, at := bytes.Clone(file), random.IntN(len(file))
		flipped[at] ^= 1 << random.IntN(8)
		p, err := verify.ParseProof(flipped)
		if err != nil {
			continue
		}
		if m, _, err := p.Verify(policy); err == nil {
			t.Errorf("with a bit of byte %d (%q) flipped, it proves %v", at, file[at], m)
		}
	}
}

func TestTilePaths(t *testing.T) {
	for path, want := range map[string]tlog.Tile{
		"tile/0/000":                verify.Tile(0, 0, 256),
		"tile/0/x001/x234/067":      verify.Tile(0, 1234067, 256),
		"tile/2/005.p/17":           verify.Tile(2, 5, 17),
		"tile/entries/x001/000.p/1": verify.Tile(verify.Bundles, 1000, 1),
	} {
		if got, err := verify.ParseTilePath(path); err != nil || got != want || verify.TilePath(want) != path {
			t.Errorf("%s is %v, %v, and back %s", path, got, err, verify.TilePath(want))
		}
	}
	for _, path := range []string{"", "tile", "tile/", "tile/0", "tile/0/0", "tile/00/000", "tile/-1/000", "tile/0/000.p/0", "tile/0/000.p/256",
		"tile/0/000.p/01", "tile/data/000", "tile/entries", "tile/x/000", "tile/0/../000", "tile/64/x000/000", "entries/000"} {
		if got, err := verify.ParseTilePath(path); err == nil {
			t.Errorf("%s is read as %v", path, got)
		}
	}
}
