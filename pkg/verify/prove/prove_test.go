package prove_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/prove"
	"github.com/stafett/stafett/pkg/verify/verifytest"
)

var (
	logKey  = verifytest.Log("prove.test", 0)
	trusted = verifytest.Must(verify.ParsePolicy([]byte("log " + logKey.VKey() + "\nquorum none")))
)

// published holds a history's files in memory.
type published map[string][]byte

func (p published) Read(_ context.Context, path string) ([]byte, error) {
	data, ok := p[path]
	if !ok {
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	}
	return data, nil
}

type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) (found []tlog.Hash, err error) {
	for _, i := range indexes {
		found = append(found, h[i])
	}
	return found, nil
}

// publish creates a history's files with tlog's own tree storage. The payload of each entry
// is its position.
func publish(size int64) published {
	files, bundle := published{}, []byte(nil)
	var tree hashes
	for i := range size {
		entry := verify.Message{Subject: "s", Payload: fmt.Append(nil, i+1)}.Entry()
		tree = append(tree, verifytest.Must(tlog.StoredHashes(i, entry, tree))...)
		bundle = verifytest.Must(verify.AppendToBundle(bundle, entry))
		if width := int(i%verify.TileWidth + 1); width == verify.TileWidth || i == size-1 {
			files[verify.TilePath(verify.Tile(verify.Bundles, i/verify.TileWidth, width))], bundle = bundle, nil
		}
	}
	for _, t := range tlog.NewTiles(8, 0, size) {
		files[verify.TilePath(t)] = verifytest.Must(tlog.ReadTileData(t, tree))
	}
	c := verify.Checkpoint{Origin: logKey.Name(), Size: size, Root: verifytest.Must(tlog.TreeHash(size, tree))}
	files[verify.CheckpointPath] = verifytest.Must(note.Sign(&note.Note{Text: c.Text()}, logKey))
	return files
}

// proves reports whether a position can be proved, and requires that the proof holds.
func proves(t *testing.T, files published, position int64) error {
	t.Helper()
	p, err := prove.Append(t.Context(), files, position)
	if err != nil {
		return err
	}
	m, c, err := verifytest.Must(verify.ParseProof(p.Marshal())).Verify(trusted)
	if err != nil || string(m.Payload) != fmt.Sprint(position) || p.Index != position-1 {
		t.Errorf("what was made of position %d of %d proves %q, %v", position, c.Size, m.Payload, err)
	}
	return nil
}

func TestEveryPositionCanBeProved(t *testing.T) {
	for _, size := range []int64{1, 2, 255, 256, 257, 700} {
		files := publish(size)
		for position := int64(1); position <= size; position += 1 + size/50 {
			if err := proves(t, files, position); err != nil {
				t.Errorf("position %d of %d: %v", position, size, err)
			}
		}
		if err := proves(t, files, size); err != nil {
			t.Errorf("the last of %d: %v", size, err)
		}
	}
	big := publish(65_537 + 300)
	for _, position := range []int64{1, 256, 65_536, 65_537, 65_837} {
		if err := proves(t, big, position); err != nil {
			t.Errorf("position %d: %v", position, err)
		}
	}
}

func TestPositionsThatAreNotThere(t *testing.T) {
	files := publish(300)
	for _, position := range []int64{-1 << 63, -1, 0, 301, 1<<63 - 1} {
		if err := proves(t, files, position); err == nil || !strings.Contains(err.Error(), "positions 1 to 300") {
			t.Errorf("position %d: %v", position, err)
		}
	}
	if err := proves(t, publish(0), 1); err == nil {
		t.Error("the empty history has a first position")
	}
}

// One bit, the end of a file, or a whole file is damaged. Either an error reports it, or the
// file is not needed and the proof is correct.
func TestOfAlteredFilesNothingIsProved(t *testing.T) {
	const size = 700
	whole, random := publish(size), rand.New(rand.NewPCG(9, 9))
	paths := slices.Sorted(maps.Keys(whole))
	failed := 0
	for range 3000 {
		files, path := maps.Clone(whole), paths[random.IntN(len(paths))]
		data := bytes.Clone(whole[path])
		switch at := random.IntN(len(data)); random.IntN(8) {
		case 0:
			files[path] = data[:at]
		case 1:
			delete(files, path)
		case 2:
			files[path] = append(data, data[:at]...)
		default:
			data[at] ^= 1 << random.IntN(8)
			files[path] = data
		}
		if path == verify.CheckpointPath {
			continue // the verifier checks the signature
		}
		if err := proves(t, files, 1+random.Int64N(size)); err != nil {
			failed++
		}
	}
	if failed < 300 {
		t.Errorf("only %d alterations were noticed", failed)
	}
}

// An altered entry is named, and so is a bundle that ends before the entry.
func TestAnAlteredEntryIsNamed(t *testing.T) {
	files := publish(300)
	path := verify.TilePath(verify.Tile(verify.Bundles, 1, 44))
	whole := files[path]
	files[path] = bytes.Clone(whole)
	files[path][len(whole)-1] ^= 1
	if err := proves(t, files, 300); err == nil || !strings.Contains(err.Error(), "position 300") || !strings.Contains(err.Error(), "altered") {
		t.Errorf("an altered entry: %v", err)
	}
	files[path] = whole[:len(whole)-1]
	if err := proves(t, files, 300); err == nil || !strings.Contains(err.Error(), "ends within an entry") {
		t.Errorf("a bundle without its end: %v", err)
	}
	if err := proves(t, files, 257); err != nil {
		t.Errorf("of an entry before that: %v", err)
	}
}

func TestACheckpointThatIsNone(t *testing.T) {
	files := publish(3)
	files[verify.CheckpointPath] = []byte("hello")
	if err := proves(t, files, 1); err == nil {
		t.Error("it proves something")
	}
}
