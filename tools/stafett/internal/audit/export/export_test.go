package export_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/tools/stafett/internal/audit/export"
	"github.com/stafett/stafett/tools/stafett/internal/historytest"
)

// exported is an export of a history in all formats.
func exported(t *testing.T, commits []*auditv1.StoredCommit) (folder string, m export.Manifest) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "export")
	e, err := export.Create(folder, export.Formats)
	if err != nil {
		t.Fatal(err)
	}
	for _, stored := range commits {
		if err := e.Add(stored); err != nil {
			t.Fatal(err)
		}
	}
	m, err = e.Finish(about(commits), 100)
	if err != nil {
		t.Fatal(err)
	}
	return folder, m
}

// about asks for the conversation that a history is of.
func about(commits []*auditv1.StoredCommit) export.About {
	id := strings.TrimPrefix(commits[0].Commit.Subject, "stafett.conversation.")
	return export.About{MakeTime: time.Now(), Purpose: "exercise", Conversation: handover.ConversationName(id)}
}

func read(t *testing.T, folder, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestAnExportIsWhole(t *testing.T) {
	commits := historytest.History(t, "1-violence")
	folder, m := exported(t, commits)
	checked, err := export.Check(t.Context(), folder, export.Trust{})
	if err != nil || !checked.Chained {
		t.Fatalf("checked with %v, chained %t", err, checked.Chained)
	}
	events := 0
	for _, stored := range commits {
		events += len(stored.Commit.Events)
	}
	if m.Commits != len(commits) || m.Events != events || m.FirstPosition != commits[0].Position || m.UntilPosition != 100 || len(m.Files) != len(export.Formats) {
		t.Errorf("the manifest says %+v", m)
	}
	for _, file := range m.Files {
		want := events
		if file.Format == export.JSONL || file.Format == export.CloudEvents {
			want = len(commits)
		}
		if file.Rows != want {
			t.Errorf("%s has %d rows, want %d", file.Name, file.Rows, want)
		}
	}
}

func TestJSONLinesAreTheAppends(t *testing.T) {
	commits := historytest.History(t, "1-violence")
	folder, _ := exported(t, commits)
	i := 0
	err := export.Read(bytes.NewReader(read(t, folder, "commits.jsonl")), func(stored *auditv1.StoredCommit) error {
		if !proto.Equal(stored, commits[i]) {
			t.Errorf("line %d is %v, want %v", i+1, stored, commits[i])
		}
		i++
		return nil
	})
	if err != nil || i != len(commits) {
		t.Errorf("read %d commits and then %v", i, err)
	}
}

// TestCloudEventsHaveThePayload: as stored, so that anybody can hash it again.
func TestCloudEventsHaveThePayload(t *testing.T) {
	commits := historytest.History(t, "1-violence")
	folder, _ := exported(t, commits)
	for i, line := range slices.Collect(bytes.Lines(read(t, folder, "cloudevents.jsonl"))) {
		var e map[string]any
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatal(err)
		}
		payload, err := base64.StdEncoding.DecodeString(e["data_base64"].(string))
		if err != nil {
			t.Fatal(err)
		}
		hash, a := sha256.Sum256(payload), &eventv1.Commit{}
		if err := proto.Unmarshal(payload, a); err != nil || !proto.Equal(a, commits[i].Commit) {
			t.Errorf("event %d holds %v, %v", i, a, err)
		}
		if e["specversion"] != "1.0" || e["stafettposition"] != fmt.Sprint(commits[i].Position) || e["id"] != a.Id || e["source"] != "/services/"+a.Service || e["subject"] != a.Subject ||
			e["stafettpayloadhash"] != hex.EncodeToString(hash[:]) || e["datacontenttype"] != "application/protobuf" {
			t.Errorf("event %d says %v", i, e)
		}
	}
}

// TestTablesSayTheSame: the CSV and the Parquet file, row by row.
func TestTablesSayTheSame(t *testing.T) {
	commits := historytest.History(t, "1-violence")
	folder, m := exported(t, commits)
	records, err := csv.NewReader(bytes.NewReader(read(t, folder, "events.csv"))).ReadAll()
	if err != nil || len(records) != m.Events+1 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	type row struct {
		Position   int64     `parquet:"position"`
		RecordTime time.Time `parquet:"record_time,timestamp(microsecond)"`
		EventType  string    `parquet:"event_type"`
		Handover   *int64    `parquet:"handover"`
		Facts      string    `parquet:"facts"`
	}
	rows, err := parquet.ReadFile[row](filepath.Join(folder, "events.parquet"))
	if err != nil || len(rows) != m.Events {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	n := 0
	for _, stored := range commits {
		for _, e := range stored.Commit.Events {
			r, record := rows[n], records[n+1]
			if uint64(r.Position) != stored.Position || r.EventType != event.Name(e) || !r.RecordTime.Equal(stored.Commit.RecordTime.AsTime().Truncate(time.Microsecond)) ||
				record[9] != r.EventType || record[13] != r.Facts || record[2] != stored.Commit.RecordTime.AsTime().Format(time.RFC3339Nano) || (record[10] == "") != (r.Handover == nil) {
				t.Errorf("row %d is %+v and %v, want %v", n, r, record, e)
			}
			n++
		}
	}
}

// TestNoCellIsAFormula: what a line may write, a spreadsheet must not compute.
func TestNoCellIsAFormula(t *testing.T) {
	stored := proto.CloneOf(historytest.History(t, "1-violence")[0])
	for _, caller := range []string{"=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "'quoted", "plain", "a=b", ""} {
		stored.Commit.Caller = caller
		stored.Payload, _ = proto.Marshal(stored.Commit)
		hash := sha256.Sum256(stored.Payload)
		stored.PayloadHash = hash[:]
		folder, _ := exported(t, []*auditv1.StoredCommit{stored})
		records, err := csv.NewReader(bytes.NewReader(read(t, folder, "events.csv"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		cell := records[1][7]
		if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") || strings.HasPrefix(cell, "＝") {
			t.Errorf("%q is written as %q", caller, cell)
		}
		if without := strings.NewReplacer("'", ""); without.Replace(cell) != without.Replace(caller) {
			t.Errorf("%q is written as %q", caller, cell)
		}
	}
}

func TestAnExportNeedsAnEmptyFolder(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "other"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := export.Create(folder, export.Formats); err == nil || !strings.Contains(err.Error(), "name a new folder") {
		t.Errorf("created with %v", err)
	}
}

func TestFormatsAreNamed(t *testing.T) {
	if got, err := export.ParseFormats("csv, jsonl"); err != nil || !slices.Equal(got, []export.Format{export.CSV, export.JSONL}) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, text := range []string{"", "xlsx", "csv,csv", "csv,"} {
		if _, err := export.ParseFormats(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
