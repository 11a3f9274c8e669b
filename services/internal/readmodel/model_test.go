package readmodel_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/readmodel"
)

// definition folds payloads by subject and position, and the newest position of
// each subject.
func definition(version string) readmodel.Definition {
	return readmodel.Definition{
		Version: version, Buckets: []string{"payloads", "newest"},
		Fold: func(tx *bbolt.Tx, entry eventlog.Entry) error {
			subject := entry.Append.Subject
			if err := tx.Bucket([]byte("newest")).Put([]byte(subject), readmodel.PositionKey(entry.Position)); err != nil {
				return err
			}
			return tx.Bucket([]byte("payloads")).Put(readmodel.Key(subject, entry.Position), entry.Payload)
		},
	}
}

func open(t testing.TB, path string, log *eventlog.Log, d readmodel.Definition) *readmodel.Model {
	t.Helper()
	m, err := readmodel.Open(logtest.Context(t), path, log, d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

// run follows the log until the test stops it.
func run(t *testing.T, m *readmodel.Model) (stop func()) {
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

func await(t *testing.T, m *readmodel.Model, position uint64) {
	t.Helper()
	if err := m.Wait(logtest.Context(t), position); err != nil {
		t.Fatal(err)
	}
}

// content is everything in a file, by bucket and key, but for the mark that it
// is in use.
func content(t *testing.T, m *readmodel.Model) map[string]string {
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
	want := append(readmodel.PositionKey(last), entry.Hash[:]...)
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
				newest = max(newest, readmodel.KeyPosition(v))
				return nil
			})
			if newest > 0 && !bytes.Equal(mark[:8], readmodel.PositionKey(newest)) {
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
	folded := 0
	d := definition("1")
	fold := d.Fold
	d.Fold = func(tx *bbolt.Tx, entry eventlog.Entry) error { folded++; return fold(tx, entry) }
	again := open(t, file, log, d)
	if again.Position() != 10 || folded != 0 {
		t.Errorf("reopened, it is at %d and has folded %d entries, want 10 and 0", again.Position(), folded)
	}
	run(t, again)
	await(t, again, fill(t, log, "after", 5))
	if folded != 5 || len(content(t, again)) != 15+15+2 {
		t.Errorf("it folded %d entries and has %d keys, want 5 and 32", folded, len(content(t, again)))
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

func TestWaitReturnsOnceThePositionIsFolded(t *testing.T) {
	log := logtest.New(t, "intake")
	m := open(t, path(t), log, definition("1"))
	soon, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := m.Wait(soon, 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for what is not there: %v", err)
	}
	if err := m.Wait(soon, 0); err != nil {
		t.Errorf("waiting for what is there: %v", err)
	}
	run(t, m)
	for i := range 20 {
		last := fill(t, log, fmt.Sprintf("c%d-", i), 1)
		await(t, m, last)
		if _, ok := content(t, m)[fmt.Sprintf("newest/%x", eventlog.ConversationSubject(fmt.Sprintf("c%d-0", i)))]; !ok {
			t.Fatalf("position %d was waited for and is not there", last)
		}
	}
}

func TestChangedTellsEverybody(t *testing.T) {
	log := logtest.New(t, "intake")
	m := open(t, path(t), log, definition("1"))
	var waiting sync.WaitGroup
	for range 50 {
		changed := m.Changed()
		waiting.Go(func() {
			select {
			case <-changed:
			case <-time.After(logtest.Patience):
				t.Error("was not told")
			}
		})
	}
	run(t, m)
	fill(t, log, "c", 1)
	waiting.Wait()
}

// TestCommittedComesBeforeThoseWhoWait: who waited for a position finds also
// done what is done on its commit.
func TestCommittedComesBeforeThoseWhoWait(t *testing.T) {
	log := logtest.New(t, "intake")
	var mu sync.Mutex
	var committed uint64
	d := definition("1")
	d.Committed = func(batch []eventlog.Entry) {
		time.Sleep(time.Millisecond) // gives those who wait too early their chance
		mu.Lock()
		defer mu.Unlock()
		committed = batch[len(batch)-1].Position
	}
	m := open(t, path(t), log, d)
	run(t, m)
	for i := range 20 {
		last := fill(t, log, fmt.Sprintf("c%d-", i), 1)
		await(t, m, last)
		mu.Lock()
		if committed < last {
			t.Errorf("position %d was waited for, committed was told of %d", last, committed)
		}
		mu.Unlock()
	}
}

func TestAFoldErrorStopsRun(t *testing.T) {
	log := logtest.New(t, "intake")
	broken := errors.New("broken")
	d := definition("1")
	fold := d.Fold
	d.Fold = func(tx *bbolt.Tx, entry eventlog.Entry) error {
		if err := fold(tx, entry); err != nil || entry.Position != 3 {
			return err
		}
		return broken
	}
	m := open(t, path(t), log, d)
	ended := make(chan error, 1)
	go func() { ended <- m.Run(logtest.Context(t)) }()
	await(t, m, fill(t, log, "a", 2))
	fill(t, log, "b", 3)
	if err := <-ended; !errors.Is(err, broken) || !strings.Contains(err.Error(), "position 3") {
		t.Errorf("ended with %v, want the fold's error and its position", err)
	}
	if m.Position() != 2 || len(content(t, m)) != 2+2+2 {
		t.Errorf("it is at %d with %d keys, want 2 and 6: nothing of the broken batch", m.Position(), len(content(t, m)))
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
