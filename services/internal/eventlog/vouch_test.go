package eventlog_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
)

// guarded guards the log for a service until it is stopped, at the latest when the test ends.
func guarded(t *testing.T, log *eventlog.Log) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(logtest.Context(t))
	var guarding sync.WaitGroup
	guarding.Go(func() { log.Guard(ctx) })
	stop = func() { cancel(); guarding.Wait() }
	t.Cleanup(stop)
	return stop
}

// waiting opens the log for a service that waits until somebody vouches for it.
func waiting(t *testing.T, keys *logtest.Keys, nc *nats.Conn, service string) (log *eventlog.Log, stop func()) {
	t.Helper()
	log = keys.Open(t, nc, 1, service)
	log.AwaitVouching()
	return log, guarded(t, log)
}

func wantVouched(t *testing.T, log *eventlog.Log) {
	t.Helper()
	select {
	case <-log.Vouched():
	case <-logtest.Context(t).Done():
		t.Fatal("nobody vouches for the log")
	}
	if err := log.Writable(); err != nil {
		t.Errorf("with somebody who vouches for the log, nothing may be committed: %v", err)
	}
}

func wantUnvouched(t *testing.T, log *eventlog.Log) {
	t.Helper()
	if err := log.Writable(); client.Reason(err) != "NOT_READY" {
		t.Errorf("while nobody vouches for the log, a commit is answered %v", err)
	}
}

// TestNothingIsCommittedBeforeAuditVouches: then those that heard it vouch as well, also when audit is
// gone.
func TestNothingIsCommittedBeforeAuditVouches(t *testing.T) {
	keys, nc := logtest.NewKeys(t), logtest.Connect(t, logtest.Server(t))
	logtest.MustAppend(t, keys.Open(t, nc, 1, "intake"), logtest.Joined("a"), 0)
	intake, _ := waiting(t, keys, nc, "intake")
	triage, _ := waiting(t, keys, nc, "triage")
	for !intake.Hears(triage) || !triage.Hears(intake) {
		time.Sleep(time.Millisecond)
	}
	wantUnvouched(t, intake)
	wantUnvouched(t, triage)
	stop := vouching(t, keys, nc)
	wantVouched(t, intake)
	wantVouched(t, triage)
	stop()
	routing := keys.Open(t, nc, 1, "routing")
	routing.AwaitVouching()
	wantUnvouched(t, routing)
	if err := routing.HearVouching(logtest.Context(t)); err != nil {
		t.Fatal(err)
	}
	wantVouched(t, routing)
}

// vouching has audit vouch for the log.
func vouching(t *testing.T, keys *logtest.Keys, nc *nats.Conn) (stop func()) {
	t.Helper()
	audit := keys.Open(t, nc, 1, "audit")
	stop = guarded(t, audit)
	if err := audit.Pin(logtest.Context(t)); err != nil {
		t.Fatal(err)
	}
	audit.Vouch()
	return stop
}

// TestAnEarlierAnswerVouchesForNothing: what audit answered another process, or the same service before
// it started again, is repeated by somebody who may publish.
func TestAnEarlierAnswerVouchesForNothing(t *testing.T) {
	keys, nc := logtest.NewKeys(t), logtest.Connect(t, logtest.Server(t))
	logtest.MustAppend(t, keys.Open(t, nc, 1, "intake"), logtest.Joined("a"), 0)
	marks := make(chan *nats.Msg, 1000)
	heard, err := nc.ChanSubscribe(eventlog.MarkSubject, marks)
	if err != nil {
		t.Fatal(err)
	}
	stopAudit := vouching(t, keys, nc)
	before, stop := waiting(t, keys, nc, "intake")
	wantVouched(t, before)
	stop()
	stopAudit()
	if err := errors.Join(heard.Unsubscribe(), nc.Flush()); err != nil {
		t.Fatal(err)
	}
	close(marks)
	after, _ := waiting(t, keys, nc, "intake")
	hears := func(service string) {
		other, _ := waiting(t, keys, nc, service)
		for !after.Hears(other) {
			time.Sleep(time.Millisecond)
		}
	}
	hears("triage")
	for m := range marks {
		if err := nc.PublishMsg(&nats.Msg{Subject: m.Subject, Header: m.Header, Data: m.Data}); err != nil {
			t.Fatal(err)
		}
	}
	hears("routing") // after all that was repeated
	if err := after.Compare(logtest.Context(t)); err != nil {
		t.Fatal(err)
	}
	wantUnvouched(t, after)
}
