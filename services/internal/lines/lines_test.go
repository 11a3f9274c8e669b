package lines_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/logtest"
)

// repository knows only what it has read from the log.
func repository(log *eventlog.Log) *lines.Repository {
	return lines.NewRepository(log, clockwork.NewRealClock(), lines.Nothing())
}

func call(line string) aggregate.Call {
	return aggregate.Call{Target: line, Caller: "spiffe://test/service/routing", Command: "Test"}
}

// happens decides that something happens to a line, whatever its state.
func happens(what proto.Message) lines.Decide {
	return func(*lines.State, time.Time) ([]proto.Message, error) { return []proto.Message{what}, nil }
}

func refusedTicket() proto.Message {
	return &eventv1.TicketRefused{Deadline: timestamppb.New(time.Now().Add(time.Minute))}
}

func committed(t *testing.T, log *eventlog.Log, line string, what proto.Message) {
	t.Helper()
	must(t, repository(log).Do(logtest.Context(t), call(line), happens(what)).Err)
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
	committed(t, log, "known", &eventv1.LinePublished{Line: published})
	committed(t, log, "stranger", refusedTicket())
	db, err := bbolt.Open(filepath.Join(t.TempDir(), "model.db"), 0o600, nil)
	must(t, err)
	defer db.Close()
	must(t, db.Update(func(tx *bbolt.Tx) error {
		for _, name := range lines.Buckets {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		apply(t, log, tx, "known", "stranger")
		all, err := lines.All(tx)
		if len(all) != 1 || !proto.Equal(all[0], published) {
			t.Errorf("the directory is %v", all)
		}
		return err
	}))
}

func apply(t *testing.T, log *eventlog.Log, tx *bbolt.Tx, ids ...string) {
	t.Helper()
	for _, id := range ids {
		tail, err := log.Tail(logtest.Context(t), eventlog.LineSubject(id), 0)
		must(t, err)
		for _, entry := range tail {
			must(t, lines.Project(tx, entry))
		}
	}
}

// TestOthersKeepBeingFaster: it decides again a few times, but not endlessly.
func TestOthersKeepBeingFaster(t *testing.T) {
	for rivals, contended := range map[int]bool{1: false, 15: false, 40: true} {
		log := logtest.New(t, "routing")
		left, decided := rivals, 0
		outcome := repository(log).Do(logtest.Context(t), call("first"), func(*lines.State, time.Time) ([]proto.Message, error) {
			decided++
			if left--; left >= 0 {
				committed(t, log, "first", refusedTicket())
			}
			return []proto.Message{refusedTicket()}, nil
		})
		var refused *refusal.Error
		if (outcome.Result == aggregate.Contended) != contended || errors.As(outcome.Err, &refused) != contended || outcome.Held() == contended || decided > 16 {
			t.Errorf("%d rivals: %+v after deciding %d times", rivals, outcome, decided)
		}
	}
}

// TestTheSameRequest is carried out once, also from a state that does not know of it.
func TestTheSameRequest(t *testing.T) {
	log := logtest.New(t, "routing")
	c := call("first")
	c.RequestID, c.RequestHash = []byte("0123456789abcdef"), []byte("hash")
	do := func() aggregate.Outcome {
		return repository(log).Do(logtest.Context(t), c, happens(&eventv1.LineReopened{}))
	}
	once := do()
	committed(t, log, "first", refusedTicket())
	again := do()
	if once.Result != aggregate.Committed || again.Result != aggregate.Replayed || !proto.Equal(once.Recorded, again.Recorded) {
		t.Errorf("answered %+v, then %+v", once, again)
	}
	c.RequestHash = []byte("other")
	_, err := do().Answer()
	var refused *refusal.Error
	if !errors.As(err, &refused) || refused.Name() != "REQUEST_ID_REUSED" {
		t.Errorf("another request with its id: %v", err)
	}
}
