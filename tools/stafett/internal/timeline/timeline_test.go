package timeline_test

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/tools/stafett/internal/historytest"
	"github.com/stafett/stafett/tools/stafett/internal/timeline"
)

// TestWhatALineWroteStaysOnItsLine: a rota is told by its size and hash, a name with what
// moves the cursor by its codes.
func TestWhatALineWroteStaysOnItsLine(t *testing.T) {
	stored := proto.CloneOf(historytest.History(t, "1-called-off")[0])
	stored.Commit.Caller = "spiffe://stafett.test/line/a\u009b2Jb"
	stored.Commit.Events = []*eventv1.Event{
		event.Of(&eventv1.RotaPublished{File: "line: x # \u202e\x1b[2J\nunits: []\n"}),
		event.Of(&eventv1.ParticipantJoined{Participant: "noa\u202e\nada"}),
	}
	table := listed(t, stored)
	if strings.ContainsAny(table, "\u009b\u202e\x1b") || strings.Count(table, "\n") != 3 {
		t.Errorf("the table is %q", table)
	}
	for _, want := range []string{"rota published: file of 28 bytes, SHA-256 ", `a\u009b2Jb`, `participant noa\u202e\nada`} {
		if !strings.Contains(table, want) {
			t.Errorf("the table does not tell %q: %q", want, table)
		}
	}
}

func listed(t *testing.T, stored *auditv1.StoredCommit) string {
	t.Helper()
	var out strings.Builder
	if err := timeline.NewList(&out, time.UTC).Add(stored); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestTablesTellTheDayAndTheZone, of one conversation as of everything.
func TestTablesTellTheDayAndTheZone(t *testing.T) {
	commits := historytest.History(t, "1-called-off")
	zone := time.FixedZone("Elsewhere", 3600)
	var whole, list strings.Builder
	if err := timeline.Print(&whole, commits, zone); err != nil {
		t.Fatal(err)
	}
	each := timeline.NewList(&list, zone)
	for _, stored := range commits[:2] {
		if err := each.Add(stored); err != nil {
			t.Fatal(err)
		}
	}
	for _, table := range []string{whole.String(), list.String()} {
		if !strings.HasPrefix(table, "POSITION  TIME, Elsewhere  ") || strings.Count(table, "POSITION") != 1 || !strings.Contains(table, "6         2026-03-03 20:00:00.000  ") {
			t.Errorf("the table is\n%s", table)
		}
	}
}
