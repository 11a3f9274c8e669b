package integrity_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/integrity"
	"github.com/stafett/stafett/services/internal/logtest"
)

// replicas is the stream of the integrity status, to be opened by services.
type replicas struct {
	keys  *logtest.Keys
	nc    *nats.Conn
	clock *clockwork.FakeClock
}

func open(t *testing.T) replicas {
	return replicas{logtest.NewKeys(t), logtest.Connect(t, logtest.Server(t)), clockwork.NewFakeClock()}
}

func (c replicas) as(t *testing.T, service string) (*integrity.Status, *eventlog.Log) {
	t.Helper()
	log, err := eventlog.OpenIntegrity(logtest.Context(t), c.nc, 1, c.keys.Ring, c.keys.Of(t, service))
	if err != nil {
		t.Fatal(err)
	}
	return integrity.New(log, c.clock), log
}

func record(t *testing.T, v *integrity.Status, altered bool) {
	t.Helper()
	if err := v.Record(logtest.Context(t), altered); err != nil {
		t.Fatal(err)
	}
}

// TestTheNewestStatusCounts, and an unchanged status is not written again.
func TestTheNewestStatusCounts(t *testing.T) {
	c := open(t)
	audit, log := c.as(t, "audit")
	intake, _ := c.as(t, "intake")
	for i, want := range []struct {
		altered bool
		last    uint64
	}{{false, 0}, {true, 1}, {true, 1}, {false, 2}, {false, 2}, {true, 3}} {
		record(t, audit, want.altered)
		if err := intake.Check(logtest.Context(t)); errors.Is(err, integrity.ErrAltered) != want.altered || err != nil && !want.altered {
			t.Errorf("step %d: intake hears %v", i, err)
		}
		if last, err := log.Last(logtest.Context(t)); err != nil || last != want.last {
			t.Errorf("step %d: the stream ends at %d, %v, want %d", i, last, err, want.last)
		}
	}
}

// TestAnOldStatusCannotBeRepeated: whoever may write to the stream but lacks audit's key can
// at most make the status unreadable until audit records it again.
func TestAnOldStatusCannotBeRepeated(t *testing.T) {
	c := open(t)
	audit, log := c.as(t, "audit")
	intake, _ := c.as(t, "intake")
	js := logtest.JetStream(t, c.nc)
	stream, err := js.Stream(logtest.Context(t), eventlog.IntegrityName)
	if err != nil {
		t.Fatal(err)
	}
	for _, altered := range []bool{true, false} {
		record(t, audit, altered)
	}
	for position := uint64(1); position <= 2; position++ {
		old, err := stream.GetMsg(logtest.Context(t), position)
		if err != nil {
			t.Fatal(err)
		}
		for _, condition := range []string{jetstream.MsgIDHeader, jetstream.ExpectedLastSubjSeqHeader} {
			old.Header.Del(condition)
		}
		if _, err := js.PublishMsg(logtest.Context(t), &nats.Msg{Subject: old.Subject, Header: old.Header, Data: old.Data}); err != nil {
			t.Fatal(err)
		}
		if err := intake.Check(logtest.Context(t)); err == nil || errors.Is(err, integrity.ErrAltered) {
			t.Errorf("with status %d repeated, intake hears %v", position, err)
		}
	}
	record(t, audit, true)
	if err := intake.Check(logtest.Context(t)); !errors.Is(err, integrity.ErrAltered) {
		t.Errorf("then audit speaks, and intake hears %v", err)
	}
	if last, err := log.Last(logtest.Context(t)); err != nil || last != 5 {
		t.Errorf("the stream ends at %d, %v", last, err)
	}
}

// TestReplicasOfAuditAgree: two that find the same at once record it once.
func TestReplicasOfAuditAgree(t *testing.T) {
	c := open(t)
	var all sync.WaitGroup
	for range 8 {
		audit, _ := c.as(t, "audit")
		all.Go(func() { record(t, audit, true) })
	}
	all.Wait()
	_, log := c.as(t, "audit")
	if last, err := log.Last(logtest.Context(t)); err != nil || last != 1 {
		t.Errorf("the stream ends at %d, %v, want 1", last, err)
	}
}

func TestOnlyAuditRecordsIt(t *testing.T) {
	c := open(t)
	routing, _ := c.as(t, "routing")
	if err := routing.Record(logtest.Context(t), true); err == nil {
		t.Error("routing recorded a status")
	}
}

// TestAWatchHearsOfIt within the time after which it looks again, and ends in order
// when it is stopped.
func TestAWatchHearsOfIt(t *testing.T) {
	c := open(t)
	audit, _ := c.as(t, "audit")
	intake, _ := c.as(t, "intake")
	ctx, stop := context.WithCancel(logtest.Context(t))
	ended, quiet := make(chan error, 1), make(chan error, 1)
	go func() { ended <- intake.Watch(logtest.Context(t), slog.New(slog.DiscardHandler)) }()
	go func() { quiet <- intake.Watch(ctx, slog.New(slog.DiscardHandler)) }()
	if err := c.clock.BlockUntilContext(ctx, 2); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := <-quiet; err != nil {
		t.Errorf("the watch ends with %v, want nil", err)
	}
	record(t, audit, true)
	c.clock.Advance(500 * time.Millisecond)
	if err := <-ended; !errors.Is(err, integrity.ErrAltered) {
		t.Errorf("the watch ends with %v", err)
	}
}
