package projection_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/projection"
)

// definition projects payloads by subject and position, and the newest position of each
// subject.
func definition(version string) projection.Definition {
	return projection.Definition{
		Version: version, Buckets: []string{"payloads", "newest"},
		Apply: func(tx *projection.Tx, entry eventlog.Entry) error {
			subject := entry.Commit.Subject
			if err := tx.Bucket([]byte("newest")).Put([]byte(subject), projection.PositionKey(entry.Position)); err != nil {
				return err
			}
			return tx.Bucket([]byte("payloads")).Put(projection.Key(subject, entry.Position), entry.Payload)
		},
	}
}

func open(t testing.TB, path string, log *eventlog.Log, d projection.Definition) *projection.Model {
	t.Helper()
	m, err := projection.Open(logtest.Context(t), path, log, d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

// run follows the log until the test stops it.
func run(t testing.TB, m *projection.Model) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- m.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run ended with %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func await(t testing.TB, m *projection.Model, position uint64) {
	t.Helper()
	if err := m.Wait(logtest.Context(t), position); err != nil {
		t.Fatal(err)
	}
}

// content is everything in a file, by bucket and key, but for the mark that it
// is in use.
func content(t *testing.T, m *projection.Model) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := m.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, bucket *bbolt.Bucket) error {
			return bucket.ForEach(func(k, v []byte) error {
				all[fmt.Sprintf("%s/%x", name, k)] = fmt.Sprintf("%x", v)
				return nil
			})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// fill appends to conversations of its own.
func fill(t testing.TB, log *eventlog.Log, prefix string, n int) (last uint64) {
	t.Helper()
	for i := range n {
		last = logtest.MustAppend(t, log, logtest.Joined(fmt.Sprintf("%s%d", prefix, i)), 0).Position
	}
	return last
}

func path(t testing.TB) string { return filepath.Join(t.TempDir(), "service", "model.db") }

func TestTheMarkIsThatOfTheNewestEntry(t *testing.T) {
	log := logtest.New(t, "intake")
	m := open(t, path(t), log, definition("1"))
	run(t, m)
	last := fill(t, log, "c", 20)
	await(t, m, last)
	entry, err := log.At(logtest.Context(t), last)
	if err != nil {
		t.Fatal(err)
	}
	want := append(projection.PositionKey(last), entry.Hash[:]...)
	err = m.View(func(tx *bbolt.Tx) error {
		if got := tx.Bucket([]byte("meta")).Get([]byte("mark")); !bytes.Equal(got, want) {
			t.Errorf("the mark is %x, want %x", got, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestMarkAndEntriesAreOneTransaction: whatever a reader sees, the mark is that
// of the newest entry beside it.
func TestMarkAndEntriesAreOneTransaction(t *testing.T) {
	log := logtest.New(t, "intake")
	m := open(t, path(t), log, definition("1"))
	run(t, m)
	var writer sync.WaitGroup
	writer.Go(func() { fill(t, log, "c", 200) })
	for m.Position() < 200 && !t.Failed() {
		changed := m.Changed()
		err := m.View(func(tx *bbolt.Tx) error {
			mark, newest := tx.Bucket([]byte("meta")).Get([]byte("mark")), uint64(0)
			err := tx.Bucket([]byte("newest")).ForEach(func(_, v []byte) error {
				newest = max(newest, projection.KeyPosition(v))
				return nil
			})
			if newest > 0 && !bytes.Equal(mark[:8], projection.PositionKey(newest)) {
				t.Errorf("the mark is at %x, the newest entry at %d", mark[:8], newest)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		select {
		case <-changed:
		case <-time.After(logtest.Patience):
			t.Fatal("nothing changes any more")
		}
	}
	writer.Wait()
}

func TestReopenedItGoesOn(t *testing.T) {
	log, file := logtest.New(t, "intake"), path(t)
	m := open(t, file, log, definition("1"))
	stop := run(t, m)
	await(t, m, fill(t, log, "before", 10))
	stop()
	m.Close()
	applied := 0
	d := definition("1")
	apply := d.Apply
	d.Apply = func(tx *projection.Tx, entry eventlog.Entry) error { applied++; return apply(tx, entry) }
	again := open(t, file, log, d)
	if again.Position() != 10 || applied != 0 {
		t.Errorf("reopened, it is at %d and has applied %d entries, want 10 and 0", again.Position(), applied)
	}
	run(t, again)
	await(t, again, fill(t, log, "after", 5))
	if applied != 5 || len(content(t, again)) != 15+15+2 {
		t.Errorf("it applied %d entries and has %d keys, want 5 and 32", applied, len(content(t, again)))
	}
}

// TestOpenBringsItUpToTheEnd: what a service does on opening, such as sweeping
// its vault, it must not do on an old state.
func TestOpenBringsItUpToTheEnd(t *testing.T) {
	log, file := logtest.New(t, "intake"), path(t)
	if m := open(t, file, log, definition("1")); m.Position() != 0 {
		t.Errorf("of an empty log it is at %d", m.Position())
	} else {
		m.Close()
	}
	for _, prefix := range []string{"a", "b"} {
		last := fill(t, log, prefix, 10)
		m := open(t, file, log, definition("1"))
		if m.Position() != last {
			t.Errorf("opened, it is at %d, want %d", m.Position(), last)
		}
		if _, ok := content(t, m)[fmt.Sprintf("newest/%x", eventlog.ConversationSubject(prefix+"9"))]; !ok {
			t.Errorf("opened, it lacks the newest entry")
		}
		m.Close()
	}
}

func TestDeletedItIsRebuiltTheSame(t *testing.T) {
	log, file := logtest.New(t, "intake"), path(t)
	m := open(t, file, log, definition("1"))
	stop := run(t, m)
	await(t, m, fill(t, log, "c", 1100))
	before := content(t, m)
	stop()
	m.Close()
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if after := content(t, open(t, file, log, definition("1"))); !maps.Equal(before, after) {
		t.Errorf("rebuilt, it has %d keys, want the %d from before, with the same values", len(after), len(before))
	}
}
