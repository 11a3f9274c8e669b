package files_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/files"
)

// told is a history's files, of which only a limited number can be read before it fails.
type told struct {
	files map[string]string
	left  int
	read  int
}

var errLeft = errors.New("it went away")

func (s *told) Read(_ context.Context, path string) ([]byte, error) {
	if s.left == 0 {
		return nil, errLeft
	}
	s.left--
	data, there := s.files[path]
	if !there {
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	}
	if path != verify.CheckpointPath {
		s.read++
	}
	return []byte(data), nil
}

// historyOf returns a history of a size, unsigned: copying does not check signatures.
func historyOf(size int64) map[string]string { return historyWith(size, "append") }

// historyWith returns a history whose commits have the given content.
func historyWith(size int64, says string) map[string]string {
	all := map[string]string{}
	var hashes stored
	bundle := []byte{}
	for i := range size {
		entry := fmt.Append(nil, says, " ", i)
		added, err := tlog.StoredHashes(i, entry, hashes)
		if err != nil {
			panic(err)
		}
		hashes = append(hashes, added...)
		if bundle, err = verify.AppendToBundle(bundle, entry); err != nil {
			panic(err)
		}
		if width := i%verify.TileWidth + 1; width == verify.TileWidth || i == size-1 {
			all[verify.TilePath(verify.Tile(verify.Bundles, i/verify.TileWidth, int(width)))], bundle = string(bundle), nil
		}
	}
	for _, t := range tlog.NewTiles(8, 0, size) {
		data, err := tlog.ReadTileData(t, hashes)
		if err != nil {
			panic(err)
		}
		all[verify.TilePath(t)] = string(data)
	}
	root, err := tlog.TreeHash(size, hashes)
	if err != nil {
		panic(err)
	}
	all[verify.CheckpointPath] = verify.Checkpoint{Origin: "files.test", Size: size, Root: root}.Text() + "\nsignatures"
	return all
}

type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) (found []tlog.Hash, err error) {
	for _, i := range indexes {
		found = append(found, s[i])
	}
	return found, nil
}

// Wherever the source fails, an incomplete history never looks complete, and no file is read
// twice.
func TestACopyGoesOn(t *testing.T) {
	const size = 70_000
	all := historyOf(size)
	for _, after := range []int{0, 1, 2, 100, 273, len(all) - 1} {
		folder, source := files.Folder(t.TempDir()), &told{files: all, left: after}
		if _, err := files.Copy(t.Context(), source, folder, nil); !errors.Is(err, errLeft) || folder.Has(verify.CheckpointPath) {
			t.Errorf("cut off after %d files it ends with %v, and has a checkpoint: %v", after, err, folder.Has(verify.CheckpointPath))
		}
		source.left = len(all)
		var done, of int64
		c, err := files.Copy(t.Context(), source, folder, func(d, o int64) { done, of = d, o })
		if err != nil || c.Size != size || done != of || of != int64(len(all)-1) || source.read != len(all)-1 {
			t.Errorf("after %d files it goes on to %d of %d, has read %d, %v, %v", after, done, of, source.read, c, err)
		}
		sameFiles(t, folder, all)
	}
}

// Copy extends the folder of a shorter history.
func TestACopyGrows(t *testing.T) {
	folder := files.Folder(t.TempDir())
	for _, size := range []int64{0, 1, 255, 256, 300, 65_536} {
		if _, err := files.Copy(t.Context(), &told{files: historyOf(size), left: -1}, folder, nil); err != nil {
			t.Fatal(err)
		}
		for path := range historyOf(size) {
			if !folder.Has(path) {
				t.Errorf("at %d, %s is missing", size, path)
			}
		}
	}
}

func TestACopyOfWhatIsNotWholeFails(t *testing.T) {
	missing := historyOf(300)
	delete(missing, verify.TilePath(verify.Tile(0, 1, 44)))
	for name, source := range map[string]map[string]string{
		"nothing": {}, "no checkpoint": {verify.CheckpointPath: "hello"}, "a missing tile": missing,
	} {
		folder := files.Folder(t.TempDir())
		if c, err := files.Copy(t.Context(), &told{files: source, left: -1}, folder, nil); err == nil || folder.Has(verify.CheckpointPath) {
			t.Errorf("%s is copied as %v", name, c)
		}
	}
}

func sameFiles(t *testing.T, folder files.Folder, want map[string]string) {
	t.Helper()
	for path, data := range want {
		if got, err := folder.Read(t.Context(), path); err != nil || string(got) != data {
			t.Errorf("%s is %q, %v", path, got, err)
		}
	}
	count := 0
	fs.WalkDir(os.DirFS(string(folder)), ".", func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			count++
		}
		return err
	})
	if count != len(want) {
		t.Errorf("there are %d files, want %d", count, len(want))
	}
}

// The folder that somebody kept stays unchanged, whatever the other history, and both
// checkpoints are evidence.
func TestAnotherHistoryIsNotCopied(t *testing.T) {
	kept := historyOf(300)
	elsewhere := historyOf(400)
	elsewhere[verify.CheckpointPath] = strings.Replace(elsewhere[verify.CheckpointPath], "files.test", "other.test", 1)
	for name, other := range map[string]map[string]string{
		"rewritten": historyWith(400, "other"), "shorter": historyOf(299), "of another log": elsewhere, "as long": historyWith(300, "other"),
	} {
		folder := files.Folder(t.TempDir())
		for _, source := range []map[string]string{kept, other} {
			_, err := files.Copy(t.Context(), &told{files: source, left: -1}, folder, nil)
			if refused := errors.Is(err, files.ErrOtherHistory); refused != (source[verify.CheckpointPath] != kept[verify.CheckpointPath]) {
				t.Errorf("%s: %v", name, err)
			}
		}
		want := maps.Clone(kept)
		want[files.OtherPath] = other[verify.CheckpointPath]
		sameFiles(t, folder, want)
	}
}

// Any file, damaged in any way, is repaired.
func TestADamagedCopyIsMended(t *testing.T) {
	all := historyOf(66_000)
	folder := files.Folder(t.TempDir())
	fetch := func() {
		t.Helper()
		if _, err := files.Copy(t.Context(), &told{files: all, left: -1}, folder, nil); err != nil {
			t.Fatal(err)
		}
	}
	fetch()
	for i, tile := range []tlog.Tile{
		verify.Tile(verify.Bundles, 3, 256), verify.Tile(verify.Bundles, 257, 208), verify.Tile(0, 5, 256), verify.Tile(0, 257, 208),
		verify.Tile(1, 0, 256), verify.Tile(1, 1, 1), verify.Tile(2, 0, 1),
	} {
		path := verify.TilePath(tile)
		data := all[path]
		damaged := []string{"", data[:len(data)-1], data[:9] + "!" + data[10:], data + "x"}[i%4]
		if err := folder.Write(path, []byte(damaged)); err != nil {
			t.Fatal(err)
		}
		fetch()
		if got, err := folder.Read(t.Context(), path); err != nil || string(got) != data {
			t.Errorf("%s with %d bytes is not mended: %d bytes, %v", path, len(damaged), len(got), err)
		}
	}
	sameFiles(t, folder, all)
}

// The leftovers of a killed copy do not count as the file and do not block the next copy.
func TestAFileIsWholeOrNotThere(t *testing.T) {
	folder := files.Folder(t.TempDir())
	if err := os.MkdirAll(filepath.Join(string(folder), "tile", "0"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(string(folder), "tile", "0", "000.new"), []byte("ha"), 0o600); err != nil {
		t.Fatal(err)
	}
	if folder.Has("tile/0/000") {
		t.Error("half a file is there")
	}
	if err := folder.Write("tile/0/000", []byte("all")); err != nil {
		t.Fatal(err)
	}
	if data, err := folder.Read(t.Context(), "tile/0/000"); err != nil || string(data) != "all" {
		t.Errorf("it is %q, %v", data, err)
	}
	if _, err := folder.Read(t.Context(), "tile/0/001"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what is not there is read with %v", err)
	}
}

func TestNoPathLeavesTheFolder(t *testing.T) {
	outer := t.TempDir()
	folder := files.Folder(filepath.Join(outer, "history"))
	if err := os.WriteFile(filepath.Join(outer, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"../secret", "tile/../../secret", filepath.Join(outer, "secret"), "", "tile//0", "a\x00b"} {
		if data, err := folder.Read(t.Context(), path); err == nil || folder.Has(path) {
			t.Errorf("%q is read: %q", path, data)
		}
		if err := folder.Write(path, []byte("y")); err == nil {
			t.Errorf("%q is written", path)
		}
	}
	if data, err := os.ReadFile(filepath.Join(outer, "secret")); err != nil || string(data) != "x" {
		t.Errorf("the file outside is %q, %v", data, err)
	}
}

func TestAServersAnswers(t *testing.T) {
	answers := map[string]http.HandlerFunc{
		"/log/checkpoint": func(out http.ResponseWriter, r *http.Request) { fmt.Fprint(out, r.Header.Get(files.PurposeHeader)) },
		"/log/error":      func(out http.ResponseWriter, _ *http.Request) { http.Error(out, strings.Repeat("why ", 200), 503) },
		"/log/short": func(out http.ResponseWriter, _ *http.Request) {
			out.Header().Set("Content-Length", "100")
			fmt.Fprint(out, "short")
		},
		"/log/much": func(out http.ResponseWriter, _ *http.Request) {
			for range 257 {
				out.Write(make([]byte, 1<<16))
			}
		},
		"/log/hang": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	}
	mux := http.NewServeMux()
	for path, answer := range answers {
		mux.HandleFunc("GET "+path, answer)
	}
	server := httptest.NewServer(mux)
	defer server.Close()
	s := files.Server{URL: server.URL + "/log/", Client: server.Client(), Purpose: "COMPLAINT 1"}
	if data, err := s.Read(t.Context(), "checkpoint"); err != nil || string(data) != "COMPLAINT 1" {
		t.Errorf("it answers %q, %v", data, err)
	}
	if _, err := s.Read(t.Context(), "tile/0/000"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what it does not have is read with %v", err)
	}
	for path, want := range map[string]string{"error": "status 503: why", "short": "unexpected EOF", "much": "more than the"} {
		data, err := s.Read(t.Context(), path)
		if err == nil || !strings.HasPrefix(err.Error(), path) || !strings.Contains(err.Error(), want) || len(err.Error()) > 400 {
			t.Errorf("%s: %d bytes, %v", path, len(data), err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := s.Read(ctx, "hang"); !errors.Is(err, context.Canceled) {
		t.Errorf("it is waited for: %v", err)
	}
}
