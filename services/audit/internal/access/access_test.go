package access_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jonboulle/clockwork"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/audit/internal/access"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/projection"
)

// connect prepares an access log, to be opened as a service.
func connect(t *testing.T, service string) func() *eventlog.Log {
	keys, nc := logtest.NewKeys(t), logtest.Connect(t, logtest.Server(t))
	return func() *eventlog.Log {
		log, err := eventlog.OpenAccess(logtest.Context(t), nc, 1, keys.Ring, keys.Of(t, service))
		if err != nil {
			t.Fatal(err)
		}
		return log
	}
}

func asked(caller string) access.Access {
	return access.Access{
		Caller: caller, Command: "ReplayCommits",
		Purpose: &eventv1.Purpose{Code: eventv1.PurposeCode_PURPOSE_CODE_INCIDENT, CaseReference: "2026/118"},
		Reading: &eventv1.Reading{Conversation: "conversations/c"},
	}
}

// read opens the projection of a record.
func read(t *testing.T, log *eventlog.Log) *projection.Model {
	t.Helper()
	model, err := projection.Open(logtest.Context(t), filepath.Join(t.TempDir(), "model.db"), log, access.Definition())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { model.Close() })
	return model
}

// TestReplicasWriteOneChain: whichever is faster, each access follows the one before it and
// none is lost.
func TestReplicasWriteOneChain(t *testing.T) {
	connection := connect(t, "audit")
	var wait sync.WaitGroup
	for replica := range 3 {
		record := access.New(connection(), clockwork.NewRealClock())
		for reader := range 5 {
			wait.Go(func() {
				if err := record.Add(logtest.Context(t), asked(fmt.Sprint(replica, reader))); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wait.Wait()
	model := read(t, connection())
	readers := map[string]bool{}
	for after, more := uint64(0), true; more; {
		page, next, err := access.List(model, after, 99, 4, access.About(""))
		if err != nil {
			t.Fatal(err)
		}
		for i, entry := range page {
			if entry.Position != after+uint64(i)+1 || entry.Commit.Events[0].GetAccessRecorded().Purpose.CaseReference != "2026/118" {
				t.Errorf("position %d has %v", entry.Position, entry.Commit)
			}
			readers[entry.Commit.Caller] = true
		}
		after, more = next, next > 0
	}
	if len(readers) != 15 {
		t.Errorf("%d readers are recorded, want 15", len(readers))
	}
}

// TestOnlyAuditWritesIt, and audit writes nothing else.
func TestOnlyAuditWritesIt(t *testing.T) {
	for service, want := range map[string]string{"audit": "", "routing": "routing appended AccessRecorded, which belongs to audit"} {
		err := access.New(connect(t, service)(), clockwork.NewRealClock()).Add(logtest.Context(t), asked("x"))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s recorded an access with %v, want %q", service, err, want)
		}
	}
	stray := asked("x")
	_, err := logtest.New(t, "audit").Append(logtest.Context(t), &eventv1.Commit{
		Subject: eventlog.ConversationSubject("c"), RecordTime: timestamppb.Now(),
		Events: []*eventv1.Event{event.Of(&eventv1.AccessRecorded{Purpose: stray.Purpose})},
	}, 0)
	if err == nil || !strings.Contains(err.Error(), "audit may not write to STAFETT") {
		t.Errorf("audit wrote into the history: %v", err)
	}
}

// TestARecordWithAHoleIsNotTold: an access that does not follow its predecessor stops the
// list.
func TestARecordWithAHoleIsNotTold(t *testing.T) {
	connection := connect(t, "audit")
	log := connection()
	record := access.New(log, clockwork.NewRealClock())
	if err := record.Add(logtest.Context(t), asked("x")); err != nil {
		t.Fatal(err)
	}
	stray := asked("y")
	logtest.MustAppend(t, log, &eventv1.Commit{
		Id: "stray", Subject: eventlog.AccessSubject, Number: 2, RecordTime: timestamppb.Now(),
		Events: []*eventv1.Event{event.Of(&eventv1.AccessRecorded{Purpose: stray.Purpose, Reading: stray.Reading})},
	}, 1)
	if _, err := projection.Open(logtest.Context(t), filepath.Join(t.TempDir(), "model.db"), log, access.Definition()); err == nil || !strings.Contains(err.Error(), "has a gap") {
		t.Errorf("read with %v, want an error about the gap", err)
	}
}

// TestWhoAskedAboutOneConversation, or about more than one, page by page.
func TestWhoAskedAboutOneConversation(t *testing.T) {
	log := connect(t, "audit")()
	record := access.New(log, clockwork.NewRealClock())
	for _, reading := range []*eventv1.Reading{
		{Conversation: "conversations/a"}, {Conversation: "conversations/b"}, {Line: "lines/x"},
		{Line: "lines/x", WithConversations: true}, {}, {Accesses: true}, {Accesses: true, Conversation: "conversations/a"},
	} {
		if err := record.Add(logtest.Context(t), access.Access{Reading: reading}); err != nil {
			t.Fatal(err)
		}
	}
	model, positions := read(t, log), []uint64{}
	for after, more := uint64(0), true; more; {
		page, next, err := access.List(model, after, 7, 2, access.About("conversations/a"))
		if err != nil || len(page) > 2 {
			t.Fatal(page, err)
		}
		for _, entry := range page {
			positions = append(positions, entry.Position)
		}
		after, more = next, next > 0
	}
	if !slices.Equal(positions, []uint64{1, 4, 5, 7}) {
		t.Errorf("positions %v, want those of the conversation, of the line's conversations, of everything and of who read about it", positions)
	}
}
