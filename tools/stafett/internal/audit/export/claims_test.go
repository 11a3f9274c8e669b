package export_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/stafett/internal/audit/export"
	"github.com/stafett/stafett/tools/stafett/internal/historytest"
)

// edit changes the manifest of an export.
func edit(t *testing.T, folder string, change func(*export.Manifest)) {
	t.Helper()
	m, err := export.ReadManifest(folder)
	if err != nil {
		t.Fatal(err)
	}
	change(&m)
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	write(t, folder, export.ManifestName, text)
}

// replace rewrites a file of an export and updates the manifest.
func replace(t *testing.T, folder, name string, text []byte) {
	t.Helper()
	write(t, folder, name, text)
	edit(t, folder, func(m *export.Manifest) {
		for i, file := range m.Files {
			if file.Name == name {
				m.Files[i].Bytes, m.Files[i].SHA256 = int64(len(text)), fmt.Sprintf("%x", sha256.Sum256(text))
			}
		}
	})
}

// TestTheManifestMustBeTrueOfTheRows, in all that rows can tell.
func TestTheManifestMustBeTrueOfTheRows(t *testing.T) {
	whole, _ := exported(t, historytest.History(t, "1-called-off"))
	first := historytest.History(t, "1-called-off")[0]
	at := first.Commit.RecordTime.AsTime()
	before, after := at.Add(-time.Hour), at.Add(time.Hour)
	for name, c := range map[string]struct {
		change func(*export.Manifest)
		says   string
	}{
		"another conversation": {func(m *export.Manifest) { m.Conversation = "conversations/" + strings.Repeat("0", 32) }, "this is about stafett.conversation."},
		"a line":               {func(m *export.Manifest) { m.Conversation, m.Line = "", "lines/blakors" }, "this is about stafett.conversation."},
		"a line alone of it":   {func(m *export.Manifest) { m.Line = "lines/blakors" }, "of a conversation and of a line alone"},
		"no line":              {func(m *export.Manifest) { m.WithConversations = true }, "names none"},
		"positions":            {func(m *export.Manifest) { m.AfterPosition = first.Position }, "contradicts itself"},
		"made before":          {func(m *export.Manifest) { m.MakeTime = time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC) }, "made at 1999-01-01T00:00:00Z, before this was recorded"},
		"started after":        {func(m *export.Manifest) { m.StartTime = &after }, "of another time"},
		"ended before":         {func(m *export.Manifest) { m.EndTime = &before }, "of another time"},
		"ended before started": {func(m *export.Manifest) { m.StartTime, m.EndTime = &after, &before }, "ends before it starts"},
		"ended after made":     {func(m *export.Manifest) { late := m.MakeTime.Add(48 * time.Hour); m.EndTime = &late }, "ends after it was made"},
		"no such kind":         {func(m *export.Manifest) { m.EventTypes = []string{"ConversationOpened", "NothingAtAll"} }, "no such kind"},
		"another kind":         {func(m *export.Manifest) { m.EventTypes = []string{"LinePublished"} }, "with events of [LinePublished], and this has none"},
		"a file twice":         {func(m *export.Manifest) { m.Files = append(m.Files, m.Files[1]) }, "names events.csv twice"},
		"no such format":       {func(m *export.Manifest) { m.Files = append(m.Files, export.File{}) }, "none such"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "copy")
			if err := os.CopyFS(folder, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			edit(t, folder, c.change)
			fails(t, folder, c.says)
		})
	}
}

// TestTheOtherFilesSayWhatTheJSONLinesSay, or the export contradicts itself.
func TestTheOtherFilesSayWhatTheJSONLinesSay(t *testing.T) {
	commits := historytest.History(t, "1-called-off")
	for _, c := range []struct {
		name   string
		change func(string) string
	}{
		{"events.csv", func(text string) string { return strings.Replace(text, "havna", "hamna", 1) }},
		{"events.csv", func(text string) string { return strings.Replace(text, "event_number", "event_nummer", 1) }},
		{"events.csv", func(text string) string { return text + "\n" }},
		{"cloudevents.jsonl", func(string) string { return strings.Repeat("{\"lie\":1}\n", len(commits)) }},
		{"cloudevents.jsonl", func(text string) string { return strings.Replace(text, "\"1.0\"", "\"1.1\"", 1) }},
	} {
		folder, _ := exported(t, commits)
		before := string(read(t, folder, c.name))
		if c.change(before) == before {
			t.Fatalf("%s has nothing to change", c.name)
		}
		replace(t, folder, c.name, []byte(c.change(before)))
		fails(t, folder, "does not say what the JSON lines say")
	}
	other := historytest.History(t, "1-called-off")
	rewrite(other[3], func(s *auditv1.StoredCommit) { s.Commit.Caller = "somebody else" })
	lying, _ := exported(t, other)
	folder, _ := exported(t, commits)
	replace(t, folder, "events.parquet", read(t, lying, "events.parquet"))
	fails(t, folder, fmt.Sprintf("events.parquet: position %d: it does not say what", commits[3].Position))
}

// TestAColumnMoreIsNotPassedOver: the rows say the same, and something beside it.
func TestAColumnMoreIsNotPassedOver(t *testing.T) {
	type more struct {
		Position     int64     `parquet:"position"`
		EventNumber  int32     `parquet:"event_number"`
		RecordTime   time.Time `parquet:"record_time,timestamp(microsecond)"`
		SubjectKind  string    `parquet:"subject_kind,dict"`
		SubjectID    string    `parquet:"subject_id,dict"`
		AppendNumber int64     `parquet:"append_number"`
		Service      string    `parquet:"service,dict"`
		Caller       string    `parquet:"caller,dict"`
		Command      string    `parquet:"command,dict"`
		EventType    string    `parquet:"event_type,dict"`
		Handover     *int64    `parquet:"handover,optional"`
		Offer        *int64    `parquet:"offer,optional"`
		Line         *string   `parquet:"line,optional,dict"`
		Facts        string    `parquet:"facts"`
		PayloadHash  string    `parquet:"payload_hash"`
		PreviousHash string    `parquet:"previous_hash"`
		Note         string    `parquet:"note"`
	}
	folder, _ := exported(t, historytest.History(t, "1-called-off"))
	rows, err := parquet.ReadFile[more](filepath.Join(folder, "events.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := parquet.Write(&text, rows); err != nil {
		t.Fatal(err)
	}
	replace(t, folder, "events.parquet", text.Bytes())
	fails(t, folder, "events.parquet: it has other columns than an export")
}

// TestWhatIsNotOfAnExport is not passed over: files of others, and non-files. A
// pipe is not even opened.
func TestWhatIsNotOfAnExport(t *testing.T) {
	for _, name := range []string{"more.csv", "history/tile/0/000.p/1", "tables/events.csv"} {
		folder, _ := exported(t, historytest.History(t, "1-called-off"))
		if err := os.MkdirAll(filepath.Dir(filepath.Join(folder, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, folder, name, nil)
		fails(t, folder, "is not of this export")
	}
	for _, name := range []string{"commits.jsonl", "events.parquet", export.ManifestName} {
		folder, _ := exported(t, historytest.History(t, "1-called-off"))
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(filepath.Join(folder, name), 0o600); err != nil {
			t.Fatal(err)
		}
		fails(t, folder, name+" is not a regular file")
	}
}

// TestACheckEndsWhenItIsTold, and says that it was.
func TestACheckEndsWhenItIsTold(t *testing.T) {
	folder, _ := exported(t, historytest.History(t, "1-called-off"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := export.Check(ctx, folder, export.Trust{}); err == nil || !strings.Contains(err.Error(), "canceled") {
		t.Errorf("a check that was ended says %v", err)
	}
}

// TestAnEncoderThatWritesOtherwiseHasAnotherVersion: exports of this version are made
// again to be checked. Where this fails, raise the version in manifest.go, and what is here.
func TestAnEncoderThatWritesOtherwiseHasAnotherVersion(t *testing.T) {
	commits := historytest.History(t, "1-violence")
	rewrite(commits[0], func(s *auditv1.StoredCommit) { s.Commit.Caller = "=1;=2;'3" })
	_, m := exported(t, commits)
	made := m.Version
	for _, file := range m.Files {
		if file.Format == export.CSV || file.Format == export.CloudEvents {
			made += " " + file.SHA256[:16]
		}
	}
	if want := "stafett.export.v3 7968a87b5c3abcbd 77057fd41847755a"; made != want {
		t.Errorf("it makes %s, want %s", made, want)
	}
}
