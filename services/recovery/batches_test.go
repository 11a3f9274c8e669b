package recovery

import (
	"fmt"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/signing"
	"github.com/stafett/stafett/services/rawlog"
)

// logged is a log with commits of different conversations: two by themselves, three of a batch, and
// one by itself.
func logged(t *testing.T) (*Recovery, *earlier) {
	t.Helper()
	s, err := startServer(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	keys := logtest.NewKeys(t)
	if err := s.create(t.Context(), eventlog.Config(1)); err != nil {
		t.Fatal(err)
	}
	for i, inBatch := range []int{0, 0, 1, 2, 3, 0} {
		a := logtest.Joined(fmt.Sprint("c", i))
		a.Service, a.Number = "intake", 1
		payload, err := proto.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		m := eventlog.Signed(keys.Ring, keys.Of(t, "intake"), a, payload)
		if inBatch > 0 {
			m.Header.Set("Nats-Batch-Id", "b")
			m.Header.Set("Nats-Batch-Sequence", strconv.Itoa(inBatch))
		}
		if inBatch == 3 {
			m.Header.Set("Nats-Batch-Commit", "1")
		}
		publish(t, s.nc, m, inBatch == 1 || inBatch == 2)
	}
	r := &Recovery{server: s}
	return r, &earlier{stream: rawlog.New(s.nc, eventlog.Name), genuine: eventlog.Genuine, keyring: keys.Ring}
}

// publish sends a message, which is stored at once unless its batch goes on.
func publish(t *testing.T, nc *nats.Conn, m *nats.Msg, goesOn bool) {
	t.Helper()
	var err error
	if goesOn {
		err = nc.PublishMsg(m)
	} else {
		_, err = nc.RequestMsgWithContext(logtest.Context(t), m)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// writes writes what is kept into a stream of its own and wants so many commits to be as they were.
func writes(t *testing.T, r *Recovery, e *earlier, kept int, same int64) {
	t.Helper()
	if len(e.kept) != kept || e.same.Size() != same {
		t.Errorf("%d are kept and %d the same, want %d and %d", len(e.kept), e.same.Size(), kept, same)
	}
	js, err := jetstream.New(r.server.nc)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.rewrite(logtest.Context(t), js, e, eventlog.RecoveredConfig()); err != nil {
		t.Error(err)
	}
	if last, err := e.stream.Last(t.Context()); err != nil || last != int64(kept) {
		t.Errorf("%d are written, %v", last, err)
	}
}

// TestABatchIsKept byte for byte.
func TestABatchIsKept(t *testing.T) {
	r, e := logged(t)
	if err := e.judge(t.Context()); err != nil || e.last != 6 {
		t.Fatal(e.last, err)
	}
	writes(t, r, e, 6, 6)
}

// TestABatchThatLostACommit is taken apart: the log would store nothing of what is left of it.
func TestABatchThatLostACommit(t *testing.T) {
	for at, same := range map[uint64]int64{3: 2, 4: 2, 5: 2, 6: 5, 1: 0} {
		r, e := logged(t)
		genuine := e.genuine
		e.genuine = func(ring *signing.Keyring, position uint64, m *nats.Msg) (eventlog.Entry, error) {
			if position == at {
				return eventlog.Entry{}, fmt.Errorf("position %d was altered", at)
			}
			return genuine(ring, position, m)
		}
		if err := e.judge(t.Context()); err != nil {
			t.Fatal(err)
		}
		writes(t, r, e, 5, same)
	}
}
