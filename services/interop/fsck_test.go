package interop

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/verifytest"
)

// within is how long fsck may take. On some corrupt trees it never returns
// (tessera #1098), and that is a finding too.
const within = 2 * time.Minute

var errHangs = errors.New("fsck does not return")

func checkWith(t *testing.T, folder string, within time.Duration) error {
	t.Helper()
	verifier := verifytest.Must(note.NewVerifier(logKey.VKey()))
	check := fsck.New(origin, verifier, client.FileFetcher{Root: folder}, leavesOf, fsck.Opts{N: 2})
	done := make(chan error, 1)
	go func() { done <- check.Check(context.Background()) }()
	select {
	case err := <-done:
		return err
	case <-time.After(within):
		return errHangs
	}
}

// leavesOf reads a bundle with tessera's own reader.
func leavesOf(bundle []byte) (leaves [][]byte, err error) {
	var entries api.EntryBundle
	if err := entries.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	for _, entry := range entries.Entries {
		leaf := tlog.RecordHash(entry)
		leaves = append(leaves, leaf[:])
	}
	return leaves, nil
}

// TestTesseraAcceptsOurTree of 200,000 commits.
func TestTesseraAcceptsOurTree(t *testing.T) {
	if err := checkWith(t, string(written(t, 200_000)), within); err != nil {
		t.Error(err)
	}
}

// TestTesseraFindsWhatIsWrong, so that the test above could fail.
func TestTesseraFindsWhatIsWrong(t *testing.T) {
	folder := written(t, 2000)
	path := verify.TilePath(verify.Tile(0, 3, verify.TileWidth))
	tile := verifytest.Must(folder.Read(t.Context(), path))
	tile[100] ^= 1
	if err := folder.Write(path, tile); err != nil {
		t.Fatal(err)
	}
	if err := checkWith(t, string(folder), 20*time.Second); err == nil {
		t.Error("a tile with a flipped bit is accepted")
	}
}
