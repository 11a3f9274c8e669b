package projection_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/projection"
)

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

// TestHurryEndsThePause also for those who wait for no position: watches.
func TestHurryEndsThePause(t *testing.T) {
	log, d := logtest.New(t, "intake"), definition("1")
	d.Rest = time.Hour
	m := open(t, path(t), log, d)
	run(t, m)
	await(t, m, fill(t, log, "first", 1))
	for i := range 3 { // the reader above may have left a hurry of its own
		changed := m.Changed()
		fill(t, log, fmt.Sprint("later", i), 1)
		m.Hurry()
		select {
		case <-changed:
		case <-time.After(logtest.Patience):
			t.Fatal("it still rests")
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
	d.Committed = func(_ *bbolt.Tx, batch []eventlog.Entry) error {
		time.Sleep(time.Millisecond) // gives those who wait too early their chance
		mu.Lock()
		defer mu.Unlock()
		committed = batch[len(batch)-1].Position
		return nil
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
	apply := d.Apply
	d.Apply = func(tx *projection.Tx, entry eventlog.Entry) error {
		if err := apply(tx, entry); err != nil || entry.Position != 3 {
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
		t.Errorf("ended with %v, want the error of Apply and its position", err)
	}
	if m.Position() != 2 || len(content(t, m)) != 2+2+2 {
		t.Errorf("it is at %d with %d keys, want 2 and 6: nothing of the broken batch", m.Position(), len(content(t, m)))
	}
}
