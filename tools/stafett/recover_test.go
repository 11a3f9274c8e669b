package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// TestAnOlderFolderIsRecovered: a folder was put back, and a checkpoint that somebody kept says what
// is missing. The new log verifies, says what it commits to, and plays the next story.
func TestAnOlderFolderIsRecovered(t *testing.T) {
	t.Parallel()
	data, kept := t.TempDir(), filepath.Join(t.TempDir(), "kept")
	played(t, data).stop(t)
	older := filepath.Join(t.TempDir(), "older")
	if err := os.CopyFS(older, os.DirFS(data)); err != nil {
		t.Fatal(err)
	}
	p := start(t, nil, "stafett", "up", "--data", data, "--port", strconv.Itoa(freePorts(t, 5)))
	p.says(t, "is up")
	expect(t, 0, nil, "play", "signpost", "--data", data, "--clock", "skip")
	signed := checkpointAfter(t, data, 60) // past the end of the older folder
	p.stop(t)
	if err := os.WriteFile(kept, signed, 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, 0, []string{"no new log is needed"}, "recover", "--data", older)
	expect(t, 2, []string{"contradicted: it ends at position", "is lost", "--yes"}, "recover", "--data", older, "--checkpoint", kept)
	expect(t, 0, []string{"the earlier one is kept in " + older + ".before-"}, "recover", "--data", older, "--checkpoint", kept, "--yes")

	after := start(t, nil, "stafett", "up", "--data", older, "--port", strconv.Itoa(freePorts(t, 5)))
	after.says(t, "is up")
	checkpointAfter(t, older, 20)
	forgetKeys(t, older) // they were proved in the earlier log
	expect(t, 0, nil, "play", "violence", "--data", older, "--clock", "skip")
	expect(t, 0, []string{"/history.2", "are those of the earlier log", "no problem found"}, "audit", "verify", "--data", older, "--log-key", filepath.Join(older, "audit", "log.vkey"))
	after.stop(t)
}

// forgetKeys lets the lines of a data folder start over, as after the loss of their keys.
func forgetKeys(t *testing.T, data string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(data, "identity"), func(path string, _ fs.DirEntry, err error) error {
		if err == nil && (filepath.Ext(path) == ".sealing" || filepath.Ext(path) == ".policy") {
			err = os.Remove(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
