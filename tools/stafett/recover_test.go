package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
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
	trustNewLog(t, older)
	expect(t, 0, nil, "play", "violence", "--data", older, "--clock", "skip")
	expect(t, 0, []string{"/history.2", "are those of the earlier log", "no problem found"}, "audit", "verify", "--data", older, "--log-key", filepath.Join(older, "audit", "log.vkey"))
	after.stop(t)
}

// trustNewLog lets the lines of a data folder trust the log that the platform has now.
func trustNewLog(t *testing.T, data string) {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(data, "audit", "log.vkey"))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := filepath.Glob(filepath.Join(data, "identity", "line", "*.policy"))
	if err != nil || len(lines) == 0 {
		t.Fatalf("no line trusts a log: %v", err)
	}
	for _, line := range lines {
		id := strings.TrimSuffix(filepath.Base(line), ".policy")
		expect(t, 0, nil, "keys", "trust", strings.TrimSpace(string(key)), "--data", data, "--as", id)
	}
}
