package eventlog_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
)

// follower follows a log in the background.
type follower struct {
	entries chan eventlog.Entry
	sizes   chan int
	ended   chan error
	stop    context.CancelFunc
}

func follow(t *testing.T, log *eventlog.Log, after uint64) *follower {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	f := &follower{entries: make(chan eventlog.Entry, 10000), sizes: make(chan int, 10000), ended: make(chan error, 1), stop: stop}
	go func() {
		f.ended <- log.Follow(ctx, after, func(batch []eventlog.Entry) error {
			f.sizes <- len(batch)
			for _, entry := range batch {
				f.entries <- entry
			}
			return nil
		})
	}()
	t.Cleanup(stop)
	return f
}

// expect receives the entries from a position to another.
func (f *follower) expect(t *testing.T, from, to uint64) {
	t.Helper()
	patience := time.After(2 * logtest.Patience)
	for position := from; position <= to; position++ {
		select {
		case entry := <-f.entries:
			if entry.Position != position {
				t.Fatalf("got position %d, want %d", entry.Position, position)
			}
		case err := <-f.ended:
			t.Fatalf("ended before position %d: %v", position, err)
		case <-patience:
			t.Fatalf("position %d did not come", position)
		}
	}
}

// fill appends to several conversations in turn.
func fill(t testing.TB, log *eventlog.Log, n int) {
	t.Helper()
	last := map[string]uint64{}
	for i := range n {
		id := fmt.Sprintf("c%d", i%7)
		if _, ok := last[id]; !ok {
			tail, err := log.Tail(logtest.Context(t), eventlog.ConversationSubject(id), 0)
			if err != nil {
				t.Fatal(err)
			}
			if len(tail) > 0 {
				last[id] = tail[len(tail)-1].Position
			}
		}
		last[id] = logtest.MustAppend(t, log, logtest.Joined(id), last[id]).Position
	}
}

func TestFollowGetsEverythingAndGoesOn(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, replicas int, connections []*nats.Conn) {
		keys := logtest.NewKeys(t)
		log := keys.Open(t, connections[0], replicas, "intake")
		empty := follow(t, log, 0)
		fill(t, log, 50)
		middle, end := follow(t, log, 20), follow(t, log, 50)
		other := follow(t, keys.Open(t, connections[len(connections)-1], replicas, "triage"), 0)
		fill(t, log, 10)
		empty.expect(t, 1, 60)
		other.expect(t, 1, 60)
		middle.expect(t, 21, 60)
		end.expect(t, 51, 60)
	})
}

func TestFollowFromAPositionThatIsStillToCome(t *testing.T) {
	log := logtest.New(t, "intake")
	fill(t, log, 5)
	future := follow(t, log, 7)
	fill(t, log, 5)
	future.expect(t, 8, 10)
}

func TestFollowHandsOnBatches(t *testing.T) {
	log := logtest.New(t, "intake")
	fill(t, log, 1100)
	f := follow(t, log, 0)
	f.expect(t, 1, 1100)
	f.stop()
	<-f.ended
	close(f.sizes)
	batches := 0
	for size := range f.sizes {
		if batches++; size > 1000 {
			t.Errorf("a batch has %d entries", size)
		}
	}
	if batches > 550 {
		t.Errorf("1100 entries came in %d batches", batches)
	}
}

func TestFollowEnds(t *testing.T) {
	log := logtest.New(t, "intake")
	fill(t, log, 3)
	f := follow(t, log, 0)
	f.expect(t, 1, 3)
	f.stop()
	if err := <-f.ended; !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v, want that the context was cancelled", err)
	}
	broken := errors.New("broken")
	if err := log.Follow(logtest.Context(t), 0, func([]eventlog.Entry) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("ended with %v, want the callback's error", err)
	}
	done, cancel := context.WithCancel(context.Background())
	cancel()
	if err := log.Follow(done, 0, func([]eventlog.Entry) error { return nil }); err == nil {
		t.Error("ended without an error")
	}
}

func TestFollowEndsWhenTheConnectionIsClosed(t *testing.T) {
	nc := logtest.Connect(t, logtest.Server(t))
	log := logtest.NewKeys(t).Open(t, nc, 1, "intake")
	fill(t, log, 1)
	f := follow(t, log, 0)
	f.expect(t, 1, 1)
	nc.Close()
	select {
	case err := <-f.ended:
		if err == nil {
			t.Error("ended without an error")
		}
	case <-time.After(logtest.Patience):
		t.Error("goes on without a connection")
	}
}

// TestFollowStopsAtAHole: an administrator can still limit the stream, which drops its
// beginning.
func TestFollowStopsAtAHole(t *testing.T) {
	nc := logtest.Connect(t, logtest.Server(t))
	log := logtest.NewKeys(t).Open(t, nc, 1, "intake")
	fill(t, log, 10)
	limited := eventlog.Config(1)
	limited.MaxMsgs, limited.Discard = 4, jetstream.DiscardOld
	if _, err := logtest.JetStream(t, nc).UpdateStream(logtest.Context(t), limited); err != nil {
		t.Fatal(err)
	}
	err := log.Follow(logtest.Context(t), 3, func([]eventlog.Entry) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "from position 3 to 7: it has a gap") {
		t.Errorf("%v, want an error about the gap", err)
	}
}

func TestFollowSurvivesARestartOfTheServer(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := logtest.Listening(t, -1, data)
	port := s.Addr().(*net.TCPAddr).Port
	log := logtest.NewKeys(t).Open(t, logtest.Dial(t, s.ClientURL()), 1, "intake")
	fill(t, log, 20)
	f := follow(t, log, 0)
	f.expect(t, 1, 20)
	logtest.Stop(s)
	logtest.Listening(t, port, data)
	began := time.Now()
	fill(t, log, 5)
	f.expect(t, 21, 25)
	t.Logf("went on %v after the restart", time.Since(began).Round(time.Millisecond))
}
