package export_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/tools/stafett/internal/audit/export"
	"github.com/stafett/stafett/tools/stafett/internal/historytest"
)

// TestNothingNewIsNoHole: an export of what is new is whole where nothing is, and
// has a hole where there was something.
func TestNothingNewIsNoHole(t *testing.T) {
	for until, says := range map[uint64]string{50: "", 51: "there is a hole", 49: "contradicts itself"} {
		folder := filepath.Join(t.TempDir(), "export")
		e, err := export.Create(folder, export.Formats)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Finish(export.About{AfterPosition: 50}, until); err != nil {
			t.Fatal(err)
		}
		if _, err := export.Check(t.Context(), folder, export.Trust{}); (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("nothing after position 50 up to %d is checked with %v, want %q", until, err, says)
		}
	}
}

// TestAForgedPayloadIsNotExported, whatever the formats are.
func TestAForgedPayloadIsNotExported(t *testing.T) {
	for _, format := range export.Formats {
		e, err := export.Create(filepath.Join(t.TempDir(), "export"), []export.Format{format})
		if err != nil {
			t.Fatal(err)
		}
		forged := proto.CloneOf(historytest.History(t, "1-violence")[0])
		forged.Payload = append(forged.Payload, 0)
		if err := e.Add(forged); err == nil || !strings.Contains(err.Error(), "is not the one that its hash is of") {
			t.Errorf("%s: a payload that is not the one of its hash is taken with %v", format, err)
		}
		if err := e.Abandon(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestWhatIsMissingBeforeTheFirst is found where a conversation was exported from
// its beginning, and not where it was exported from a position on.
func TestWhatIsMissingBeforeTheFirst(t *testing.T) {
	for after, hole := range map[bool]bool{false: true, true: false} {
		folder, _ := exported(t, historytest.History(t, "1-called-off"))
		commits := historytest.History(t, "1-called-off")[2:]
		about := about(commits)
		if after {
			about.AfterPosition = commits[0].Position - 1
		}
		forge(t, folder, about, commits[len(commits)-1].Position, commits)
		if _, err := export.Check(t.Context(), folder, export.Trust{}); (err != nil && strings.Contains(err.Error(), "there is a hole")) != hole {
			t.Errorf("without its first two, after a position: %t, it is checked with %v", after, err)
		}
	}
}

// TestWithoutHeadersNothingCanBeProved: an audit of before tells none, and an export
// of it must not say that it is proved.
func TestWithoutHeadersNothingCanBeProved(t *testing.T) {
	for header, provable := range map[string]bool{"": false, "NATS/1.0\r\n\r\n": true} {
		e, err := export.Create(filepath.Join(t.TempDir(), "export"), export.Formats)
		if err != nil {
			t.Fatal(err)
		}
		stored := proto.CloneOf(historytest.History(t, "1-violence")[0])
		stored.Header = []byte(header)
		if err := e.Add(stored); err != nil || e.Provable() != provable {
			t.Errorf("with the header %q it can be proved: %t, %v", header, e.Provable(), err)
		}
		if err := e.Abandon(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestATimeExcusesNoHoleWithinIt: what is missing well within the times that were asked
// for is found; what may lie beyond one of them is not held against the export.
func TestATimeExcusesNoHoleWithinIt(t *testing.T) {
	all := historytest.History(t, "1-violence")
	first, last := all[0].Commit.RecordTime.AsTime(), all[len(all)-1].Commit.RecordTime.AsTime()
	for name, c := range map[string]struct {
		start, end time.Time
		hole       bool
	}{
		"well within both": {first.Add(-time.Hour), last.Add(time.Hour), true},
		"at the end":       {first.Add(-time.Hour), last.Add(time.Nanosecond), false},
	} {
		folder, _ := exported(t, all)
		missing := slices.Delete(slices.Clone(all), len(all)-2, len(all)-1)
		about := about(missing)
		about.StartTime, about.EndTime = &c.start, &c.end
		forge(t, folder, about, all[len(all)-1].Position, missing)
		if _, err := export.Check(t.Context(), folder, export.Trust{}); (err != nil && strings.Contains(err.Error(), "there is a hole")) != c.hole {
			t.Errorf("%s: it is checked with %v, want a hole: %t", name, err, c.hole)
		}
	}
}
