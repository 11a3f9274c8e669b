package lines_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/logtest"
)

// change lets something happen to a line.
func change(line string, what proto.Message) lines.Change {
	return lines.Change{
		Line: line, Caller: "spiffe://test/service/routing", Command: "Test", At: time.Now(),
		Decide: func(*lines.State) ([]proto.Message, error) { return []proto.Message{what}, nil },
	}
}

func refusedTicket() proto.Message {
	return &eventv1.TicketRefused{Deadline: timestamppb.New(time.Now().Add(time.Minute))}
}

func appended(t *testing.T, log *eventlog.Log, c lines.Change) {
	t.Helper()
	_, err := lines.Append(logtest.Context(t), log, &lines.State{}, c)
	must(t, err)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestTheDirectoryIsWhatWasPublished: other things may be recorded of a line that
// is not in it.
func TestTheDirectoryIsWhatWasPublished(t *testing.T) {
	log := logtest.New(t, "routing")
	published := &handoverv1.Line{Name: "lines/known"}
	appended(t, log, change("known", &eventv1.LinePublished{Line: published}))
	appended(t, log, change("stranger", refusedTicket()))
	db, err := bbolt.Open(filepath.Join(t.TempDir(), "model.db"), 0o600, nil)
	must(t, err)
	defer db.Close()
	must(t, db.Update(func(tx *bbolt.Tx) error {
		for _, name := range lines.Buckets {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		fold(t, log, tx, "known", "stranger")
		all, err := lines.All(tx)
		if len(all) != 1 || !proto.Equal(all[0], published) {
			t.Errorf("the directory is %v", all)
		}
		return err
	}))
}

func fold(t *testing.T, log *eventlog.Log, tx *bbolt.Tx, ids ...string) {
	t.Helper()
	for _, id := range ids {
		tail, err := log.Tail(logtest.Context(t), eventlog.LineSubject(id), 0)
		must(t, err)
		for _, entry := range tail {
			must(t, lines.Fold(tx, entry))
		}
	}
}

// TestOthersKeepBeingFaster: it is decided anew a few times, and not without end.
func TestOthersKeepBeingFaster(t *testing.T) {
	for rivals, contended := range map[int]bool{1: false, 15: false, 40: true} {
		log := logtest.New(t, "routing")
		left, decided := rivals, 0
		c := change("first", nil)
		c.Decide = func(*lines.State) ([]proto.Message, error) {
			decided++
			if left--; left >= 0 {
				appended(t, log, change("first", refusedTicket()))
			}
			return []proto.Message{refusedTicket()}, nil
		}
		_, err := lines.Append(logtest.Context(t), log, &lines.State{}, c)
		var refusal *handover.Refusal
		if errors.As(err, &refusal) != contended || !contended && err != nil || decided > 16 {
			t.Errorf("%d rivals: %v after deciding %d times", rivals, err, decided)
		}
	}
}

// TestTheSameRequest is carried out once, also from a state that does not know of it.
func TestTheSameRequest(t *testing.T) {
	log := logtest.New(t, "routing")
	c := change("first", &eventv1.LineReopened{})
	c.RequestID, c.RequestHash = []byte("0123456789abcdef"), []byte("hash")
	once, err := lines.Append(logtest.Context(t), log, &lines.State{}, c)
	must(t, err)
	appended(t, log, change("first", refusedTicket()))
	again, err := lines.Append(logtest.Context(t), log, &lines.State{}, c)
	must(t, err)
	if !proto.Equal(once, again) {
		t.Errorf("answered %v, then %v", once, again)
	}
	c.RequestHash = []byte("other")
	_, err = lines.Append(logtest.Context(t), log, &lines.State{}, c)
	var refusal *handover.Refusal
	if !errors.As(err, &refusal) || refusal.Code() != "REQUEST_ID_REUSED" {
		t.Errorf("another request with its id: %v", err)
	}
}
