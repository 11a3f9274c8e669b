package eventlog_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats.go"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
)

// several returns that many conversations.
func several(count int) (ids []string) {
	for i := range count {
		ids = append(ids, fmt.Sprintf("c%d", i))
	}
	return ids
}

// acknowledged is a commit that the log has acknowledged, with its condition.
type acknowledged struct{ position, expected uint64 }

// commitAll has one writer for each conversation commit several times, all at once, and returns what the
// log acknowledged, by the commit's id. A writer that loses to another one of its conversation
// catches up, and one that gets no answer in time sends the same commit again.
func commitAll(t *testing.T, logs []*eventlog.Log, conversations []string, times int) map[string]acknowledged {
	t.Helper()
	var mu sync.Mutex
	all := map[string]acknowledged{}
	var writers sync.WaitGroup
	for i, id := range conversations {
		writers.Go(func() {
			var last uint64
			for range times {
				commit := logtest.Joined(id)
				stored, err := commitOne(t, logs[i%len(logs)], commit, last)
				if err != nil {
					t.Errorf("%s: %v", id, err)
					return
				}
				mu.Lock()
				all[commit.Id] = stored
				mu.Unlock()
				last = stored.position
			}
		})
	}
	writers.Wait()
	return all
}

// commitOne commits until the log has the commit, after whatever is the subject's last then.
func commitOne(t *testing.T, log *eventlog.Log, commit *eventv1.Commit, last uint64) (stored acknowledged, err error) {
	for ctx := logtest.Context(t); ; {
		entry, err := log.Append(ctx, commit, last)
		switch {
		case err == nil:
			return acknowledged{entry.Position, last}, nil
		case errors.Is(err, eventlog.ErrConflict):
			if stored, last = found(t, log, commit); stored.position > 0 {
				return stored, nil
			}
		case !errors.Is(err, eventlog.ErrUnknown) || ctx.Err() != nil:
			return stored, err
		}
	}
}

// found looks for a commit in its subject, and returns the subject's last position as well.
func found(t *testing.T, log *eventlog.Log, commit *eventv1.Commit) (stored acknowledged, last uint64) {
	tail, err := log.Tail(logtest.Context(t), commit.Subject, 0)
	if err != nil && !errors.Is(err, eventlog.ErrUnknown) {
		t.Error(err)
	}
	for _, entry := range tail {
		if entry.Commit.Id == commit.Id {
			stored = acknowledged{entry.Position, last}
		}
		last = entry.Position
	}
	return stored, last
}

// batched counts the messages after a position that were stored as part of a batch.
func batched(t *testing.T, nc *nats.Conn, after uint64) (count int) {
	t.Helper()
	ctx := logtest.Context(t)
	stream, err := logtest.JetStream(t, nc).Stream(ctx, eventlog.Name)
	if err != nil {
		t.Fatal(err)
	}
	for position := after + 1; position <= stream.CachedInfo().State.LastSeq; position++ {
		message, err := stream.GetMsg(ctx, position)
		if err != nil {
			t.Fatal(err)
		}
		if message.Header.Get("Nats-Batch-Id") != "" {
			count++
		}
	}
	return count
}

// TestManyCommitsShareBatches: each has a position of its own, at which it reads back.
func TestManyCommitsShareBatches(t *testing.T) {
	nc := logtest.Connect(t, logtest.Server(t))
	log := logtest.NewKeys(t).Open(t, nc, 1, "intake")
	all := commitAll(t, []*eventlog.Log{log}, several(64), 5)
	holds(t, log, all)
	if count := batched(t, nc, 0); count < len(all)/4 {
		t.Errorf("of %d commits %d were stored in batches", len(all), count)
	}
}

// TestRivalsInBatches: whoever loses a position loses it alone. Four services on two connections
// write to a few conversations, in batches that hold each other's rivals.
func TestRivalsInBatches(t *testing.T) {
	server := logtest.Server(t)
	keys, one, two := logtest.NewKeys(t), logtest.Connect(t, server), logtest.Connect(t, server)
	var logs []*eventlog.Log
	for _, nc := range []*nats.Conn{one, two, one, two} {
		logs = append(logs, keys.Open(t, nc, 1, "intake"))
	}
	writers := append(several(140), several(20)...)
	rand.Shuffle(len(writers), func(i, j int) { writers[i], writers[j] = writers[j], writers[i] })
	holds(t, logs[0], commitAll(t, logs, writers, 4))
	if batched(t, one, 0) == 0 {
		t.Error("no commit was stored in a batch")
	}
}

// holds checks that the log has exactly the acknowledged commits, each once, at its position,
// directly after the one of its subject that it was conditional on.
func holds(t *testing.T, log *eventlog.Log, all map[string]acknowledged) {
	t.Helper()
	last := map[string]uint64{}
	f := follow(t, log, 0)
	for range all {
		entry := <-f.entries
		subject, want := entry.Commit.Subject, all[entry.Commit.Id]
		if want.position != entry.Position || want.expected != last[subject] {
			t.Fatalf("position %d has %s, which was acknowledged as %+v; the subject's last was %d", entry.Position, entry.Commit.Id, want, last[subject])
		}
		last[subject] = entry.Position
	}
	if end, err := log.Last(logtest.Context(t)); err != nil || end != uint64(len(all)) {
		t.Errorf("the log has %d commits, %v; %d were acknowledged", end, err, len(all))
	}
}

// TestOneRefusedCommitDoesNotTouchTheOthers of its batch: it is told of its conflict, and they
// are stored.
func TestOneRefusedCommitDoesNotTouchTheOthers(t *testing.T) {
	nc := logtest.Connect(t, logtest.Server(t))
	log := logtest.NewKeys(t).Open(t, nc, 1, "intake")
	ids := several(64)
	all := commitAll(t, []*eventlog.Log{log}, ids, 1)
	var stored, conflicts atomic.Int32
	var writers sync.WaitGroup
	for i, id := range ids {
		_, expected := found(t, log, &eventv1.Commit{Subject: eventlog.ConversationSubject(id)})
		if i%8 == 0 {
			expected = 0
		}
		writers.Go(func() {
			switch _, err := log.Append(logtest.Context(t), logtest.Joined(id), expected); {
			case err == nil && expected != 0:
				stored.Add(1)
			case errors.Is(err, eventlog.ErrConflict) && expected == 0:
				conflicts.Add(1)
			default:
				t.Errorf("%s, expecting %d: %v", id, expected, err)
			}
		})
	}
	writers.Wait()
	if stored.Load() != 56 || conflicts.Load() != 8 {
		t.Errorf("%d stored, %d conflicts", stored.Load(), conflicts.Load())
	}
	if end, err := log.Last(logtest.Context(t)); err != nil || int(end) != len(all)+56 {
		t.Errorf("the log ends at %d, %v", end, err)
	}
}

// TestACommitThatNobodyWaitsForIsNotSent: its caller has been told that the outcome is unknown,
// and looks for it in the log.
func TestACommitThatNobodyWaitsForIsNotSent(t *testing.T) {
	nc := logtest.Connect(t, logtest.Server(t))
	log := logtest.NewKeys(t).Open(t, nc, 1, "intake")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	var writers sync.WaitGroup
	for i := range 100 {
		writers.Go(func() {
			ctx := t.Context()
			if i%2 == 0 {
				ctx = gone
			}
			_, err := log.Append(ctx, logtest.Joined(fmt.Sprintf("c%d", i)), 0)
			if (err == nil) != (i%2 == 1) || err != nil && !errors.Is(err, eventlog.ErrUnknown) {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	writers.Wait()
}

// TestAFollowerSeesOnlyWhatIsSynced: the log delivers the commits of a batch before it has synced
// them, but answers no read by position meanwhile. So a follower reads the newest one first.
func TestAFollowerSeesOnlyWhatIsSynced(t *testing.T) {
	nc := logtest.Connect(t, logtest.Server(t))
	log := logtest.NewKeys(t).Open(t, nc, 1, "intake")
	var commits []*eventv1.Commit
	for _, id := range several(64) {
		commits = append(commits, logtest.Joined(id))
	}
	if err := log.Together(commits); err != nil {
		t.Fatal(err)
	}
	last := uint64(len(commits))
	if batched(t, nc, last-1) == 0 {
		t.Fatal("the newest commit is not of a batch")
	}
	reads, err := nc.SubscribeSync("$JS.API.STREAM.MSG.GET." + eventlog.Name)
	if err != nil {
		t.Fatal(err)
	}
	f := follow(t, log, 0)
	f.expect(t, 1, last)
	if n, _, err := reads.Pending(); err != nil || n == 0 {
		t.Errorf("it made %d reads, %v, before it passed the commits on", n, err)
	}
}

// A process does not send what it knows the log would refuse: it would refuse a whole batch.
func TestAWriterAnswersAConflictItself(t *testing.T) {
	nc, keys := logtest.Connect(t, logtest.Server(t)), logtest.NewKeys(t)
	var w eventlog.Writer
	intake := keys.Open(t, nc, 1, "intake").SharedBy(&eventlog.Reader{}, &w)
	other := keys.Open(t, nc, 1, "intake").SharedBy(&eventlog.Reader{}, &w)
	sent, err := nc.SubscribeSync(eventlog.ConversationSubject("c"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := intake.Append(t.Context(), logtest.Joined("c"), 0); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Append(t.Context(), logtest.Joined("c"), 0); !errors.Is(err, eventlog.ErrConflict) {
		t.Errorf("the second one says %v", err)
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	if count, _, err := sent.Pending(); count != 1 || err != nil {
		t.Errorf("%d messages were sent, %v", count, err)
	}
}
