package eventlog_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/nats-io/nats.go"
	"google.golang.org/protobuf/proto"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
)

// onEach runs a test on one replica and on three.
func onEach(t *testing.T, test func(t *testing.T, replicas int, connections []*nats.Conn)) {
	t.Run("one replica", func(t *testing.T) {
		t.Parallel()
		test(t, 1, []*nats.Conn{logtest.Connect(t, logtest.Server(t))})
	})
	t.Run("three replicas", func(t *testing.T) {
		t.Parallel()
		var connections []*nats.Conn
		for _, node := range logtest.Cluster(t) {
			connections = append(connections, logtest.Connect(t, node))
		}
		test(t, 3, connections)
	})
}

func TestAnAppendReadsBackAsItWasWritten(t *testing.T) {
	log := logtest.New(t, "intake")
	written := logtest.MustAppend(t, log, logtest.Joined("c"), 0)
	if written.Position != 1 || written.Commit.Service != "intake" || written.Conversation() != "c" || written.Line() != "" {
		t.Errorf("the entry is %+v", written)
	}
	if written.Hash != sha256.Sum256(written.Payload) {
		t.Error("the hash is not that of the payload")
	}
	read, err := log.At(logtest.Context(t), 1)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, read, written)
	tail, err := log.Tail(logtest.Context(t), written.Commit.Subject, 0)
	if err != nil || len(tail) != 1 {
		t.Fatalf("the tail is %v, %v", tail, err)
	}
	equal(t, tail[0], written)
}

func equal(t *testing.T, got, want eventlog.Entry) {
	t.Helper()
	if got.Position != want.Position || got.Hash != want.Hash || !bytes.Equal(got.Payload, want.Payload) || !proto.Equal(got.Commit, want.Commit) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestAStaleExpectationConflicts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, replicas int, connections []*nats.Conn) {
		log := logtest.NewKeys(t).Open(t, connections[0], replicas, "intake")
		first := logtest.MustAppend(t, log, logtest.Joined("c"), 0)
		second := logtest.MustAppend(t, log, logtest.Joined("c"), first.Position)
		other := logtest.MustAppend(t, log, logtest.Joined("other"), 0)
		for _, stale := range []uint64{0, first.Position, other.Position, other.Position + 1} {
			_, err := log.Append(logtest.Context(t), logtest.Joined("c"), stale)
			if !errors.Is(err, eventlog.ErrConflict) || errors.Is(err, eventlog.ErrUnknown) {
				t.Errorf("expecting %d: %v, want a conflict", stale, err)
			}
		}
		logtest.MustAppend(t, log, logtest.Joined("c"), second.Position)
		if last, err := log.Last(logtest.Context(t)); err != nil || last != 4 {
			t.Errorf("the log ends at %d, %v, want 4: a conflict wrote something", last, err)
		}
	})
}

// TestOneWriterWinsEachPosition: eight writers, on all nodes, want to be next.
func TestOneWriterWinsEachPosition(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, replicas int, connections []*nats.Conn) {
		const writers, rounds = 8, 25
		keys := logtest.NewKeys(t)
		logs := make([]*eventlog.Log, writers)
		for i := range logs {
			logs[i] = keys.Open(t, connections[i%len(connections)], replicas, "intake")
		}
		var last uint64
		for round := range rounds {
			won := race(t, logs, last)
			if len(won) != 1 {
				t.Fatalf("round %d: %d writers won at positions %v", round, len(won), won)
			}
			if won[0] != last+1 {
				t.Fatalf("round %d: won position %d, want %d", round, won[0], last+1)
			}
			last = won[0]
		}
	})
}

func race(t *testing.T, logs []*eventlog.Log, expected uint64) (won []uint64) {
	t.Helper()
	var mu sync.Mutex
	var writers sync.WaitGroup
	for _, log := range logs {
		writers.Go(func() {
			entry, err := log.Append(logtest.Context(t), logtest.Joined("c"), expected)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won = append(won, entry.Position)
			} else if !errors.Is(err, eventlog.ErrConflict) {
				t.Errorf("lost with %v, want a conflict", err)
			}
		})
	}
	writers.Wait()
	return won
}

func TestTheTailIsOfOneSubject(t *testing.T) {
	log := logtest.New(t, "intake")
	last := map[string]uint64{}
	for i := range 30 {
		id := fmt.Sprintf("c%d", i%3)
		last[id] = logtest.MustAppend(t, log, logtest.Joined(id), last[id]).Position
	}
	for after, want := range map[uint64]int{0: 10, 2: 9, 15: 5, 29: 0, 30: 0, 99: 0} {
		tail, err := log.Tail(logtest.Context(t), eventlog.ConversationSubject("c1"), after)
		if err != nil || len(tail) != want {
			t.Errorf("after %d: %d entries, %v, want %d", after, len(tail), err, want)
		}
		for _, entry := range tail {
			if entry.Conversation() != "c1" || entry.Position <= after {
				t.Errorf("after %d: got position %d of %s", after, entry.Position, entry.Commit.Subject)
			}
		}
	}
}

func TestWhatReadersWouldRefuseIsNotAppended(t *testing.T) {
	log := logtest.New(t, "intake")
	large := logtest.Joined("c")
	large.Name = strings.Repeat("x", eventlog.MaxPayload)
	for name, a := range map[string]*eventv1.Commit{
		"of another service": logtest.Append("c", &eventv1.OfferSent{}),
		"without events":     logtest.Append("c"),
		"too large":          large,
	} {
		if _, err := log.Append(logtest.Context(t), a, 0); err == nil {
			t.Errorf("a commit %s was written", name)
		}
	}
	if last, err := log.Last(logtest.Context(t)); err != nil || last != 0 {
		t.Errorf("the log ends at %d, %v, want 0", last, err)
	}
}

func TestWithoutAServerTheOutcomeIsUnknown(t *testing.T) {
	t.Parallel()
	s := logtest.Server(t)
	log := logtest.NewKeys(t).Open(t, logtest.Connect(t, s), 1, "intake")
	logtest.MustAppend(t, log, logtest.Joined("c"), 0)
	logtest.Stop(s)
	ctx := logtest.Context(t)
	calls := map[string]func() error{
		"Append": func() error { _, err := log.Append(ctx, logtest.Joined("c"), 1); return err },
		"Tail":   func() error { _, err := log.Tail(ctx, eventlog.ConversationSubject("c"), 0); return err },
		"At":     func() error { _, err := log.At(ctx, 1); return err },
		"Last":   func() error { _, err := log.Last(ctx); return err },
	}
	var all sync.WaitGroup
	for name, call := range calls {
		all.Go(func() {
			if err := call(); !errors.Is(err, eventlog.ErrUnknown) || errors.Is(err, eventlog.ErrConflict) {
				t.Errorf("%s: %v, want an unknown outcome", name, err)
			}
		})
	}
	all.Wait()
}

func TestAPositionThatIsNotThere(t *testing.T) {
	log := logtest.New(t, "intake")
	if _, err := log.At(logtest.Context(t), 1); !errors.Is(err, eventlog.ErrNotFound) {
		t.Errorf("%v, want that it is not there", err)
	}
}
