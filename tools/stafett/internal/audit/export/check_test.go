package export_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/stafett/internal/audit/export"
	"github.com/stafett/stafett/tools/stafett/internal/historytest"
)

// fails expects that a check finds a fault and tells it in these words.
func fails(t *testing.T, folder, says string) {
	t.Helper()
	if _, err := export.Check(t.Context(), folder, export.Trust{}); err == nil || !strings.Contains(err.Error(), says) {
		t.Errorf("checked with %v, want an error that says %q", err, says)
	}
}

// TestATruncatedFileIsFound, wherever it was cut.
func TestATruncatedFileIsFound(t *testing.T) {
	folder, m := exported(t, historytest.History(t, "1-called-off"))
	for _, file := range m.Files {
		whole := read(t, folder, file.Name)
		for _, cut := range []int{0, 1, len(whole) / 2, bytes.LastIndexByte(whole[:len(whole)-1], '\n') + 1, len(whole) - 1} {
			write(t, folder, file.Name, whole[:cut])
			fails(t, folder, fmt.Sprintf("%s: it has %d bytes", file.Name, cut))
		}
		for _, bit := range []int{0, len(whole)/2*8 + 3, len(whole)*8 - 1} {
			flipped := bytes.Clone(whole)
			flipped[bit/8] ^= 1 << (bit % 8)
			write(t, folder, file.Name, flipped)
			fails(t, folder, file.Name+": its SHA-256 is")
		}
		if err := os.Remove(filepath.Join(folder, file.Name)); err != nil {
			t.Fatal(err)
		}
		fails(t, folder, "no such file")
		write(t, folder, file.Name, whole)
	}
	if _, err := export.Check(t.Context(), folder, export.Trust{}); err != nil {
		t.Errorf("put back, it is still not whole: %v", err)
	}
}

func write(t *testing.T, folder, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestABrokenOffExportIsFound: without a manifest, and with a damaged one.
func TestABrokenOffExportIsFound(t *testing.T) {
	commits := historytest.History(t, "1-called-off")
	folder := filepath.Join(t.TempDir(), "export")
	e, err := export.Create(folder, export.Formats)
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Add(commits[0]); err != nil {
		t.Fatal(err)
	}
	if err := e.Abandon(); err != nil {
		t.Fatal(err)
	}
	fails(t, folder, "has no manifest.json: the export was broken off")
	write(t, folder, export.ManifestName, []byte("{"))
	fails(t, folder, "is damaged")
	write(t, folder, export.ManifestName, []byte(`{"version": "stafett.export.v9"}`))
	fails(t, folder, `is of version "stafett.export.v9"`)
	write(t, folder, export.ManifestName, []byte(`{"version": "stafett.export.v2"}`))
	fails(t, folder, `is of version "stafett.export.v2"`)
	write(t, folder, export.ManifestName, []byte(`{"version": "stafett.export.v3"}`))
	fails(t, folder, "names no file")
}

// TestAnExportThatWasMadeToFit: files and manifest agree, and yet something was
// left out or changed.
func TestAnExportThatWasMadeToFit(t *testing.T) {
	for name, c := range map[string]struct {
		change func([]*auditv1.StoredCommit) []*auditv1.StoredCommit
		says   string
	}{
		"one is left out": {func(all []*auditv1.StoredCommit) []*auditv1.StoredCommit { return append(all[:3], all[4:]...) }, "there is a hole"},
		"one is changed": {func(all []*auditv1.StoredCommit) []*auditv1.StoredCommit {
			all[3].Commit.Caller = "somebody else"
			return all
		}, "says something else than was told"},
		"one payload is changed": {func(all []*auditv1.StoredCommit) []*auditv1.StoredCommit {
			all[3].Commit.Caller = "somebody else"
			all[3].Payload, _ = proto.Marshal(all[3].Commit)
			return all
		}, "is not the one that its hash is of"},
		"one comes twice": {func(all []*auditv1.StoredCommit) []*auditv1.StoredCommit {
			again := proto.CloneOf(all[2])
			again.Position = all[3].Position
			return append(append(all[:3:3], again), all[4:]...)
		}, "is out of order"},
		"one is rewritten": {func(all []*auditv1.StoredCommit) []*auditv1.StoredCommit {
			rewrite(all[3], func(s *auditv1.StoredCommit) { s.Commit.Caller = "somebody else" })
			return all
		}, "does not carry the hash"},
		"numbers are closed up": {func(all []*auditv1.StoredCommit) []*auditv1.StoredCommit {
			all = append(all[:3], all[4:]...)
			rewrite(all[3], func(s *auditv1.StoredCommit) { s.Commit.Number-- })
			return all
		}, "does not carry the hash"},
		"the last is left out of everything": {func(all []*auditv1.StoredCommit) []*auditv1.StoredCommit { return all[:len(all)-1] }, "there is a hole"},
		"one is left out of everything":      {func(all []*auditv1.StoredCommit) []*auditv1.StoredCommit { return append(all[:3], all[4:]...) }, "there is a hole"},
	} {
		t.Run(name, func(t *testing.T) {
			folder, _ := exported(t, historytest.History(t, "1-called-off"))
			commits := historytest.History(t, "1-called-off")
			about := about(commits)
			if strings.Contains(name, "everything") {
				about.Conversation, about.AfterPosition = "", commits[0].Position-1
			}
			forge(t, folder, about, commits[len(commits)-1].Position, c.change(commits))
			fails(t, folder, c.says)
		})
	}
}

func rewrite(stored *auditv1.StoredCommit, change func(*auditv1.StoredCommit)) {
	change(stored)
	stored.Payload, _ = proto.Marshal(stored.Commit)
	hash := sha256.Sum256(stored.Payload)
	stored.PayloadHash = hash[:]
}

// forge replaces the JSON lines and lets the manifest say what they are.
func forge(t *testing.T, folder string, about export.About, until uint64, commits []*auditv1.StoredCommit) {
	t.Helper()
	var text bytes.Buffer
	m, err := export.ReadManifest(folder)
	if err != nil {
		t.Fatal(err)
	}
	m.About, m.UntilPosition, m.Commits, m.Events = about, until, len(commits), 0
	m.FirstPosition, m.LastPosition = commits[0].Position, commits[len(commits)-1].Position
	for _, stored := range commits {
		line, err := protojson.Marshal(stored)
		if err != nil {
			t.Fatal(err)
		}
		m.Events += len(stored.Commit.Events)
		text.Write(append(line, '\n'))
	}
	for _, file := range m.Files {
		if err := os.Remove(filepath.Join(folder, file.Name)); err != nil {
			t.Fatal(err)
		}
	}
	write(t, folder, "commits.jsonl", text.Bytes())
	m.Files = []export.File{{Name: "commits.jsonl", Format: export.JSONL, Rows: len(commits), Bytes: int64(text.Len()),
		SHA256: fmt.Sprintf("%x", sha256.Sum256(text.Bytes()))}}
	manifest, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	write(t, folder, export.ManifestName, manifest)
}
