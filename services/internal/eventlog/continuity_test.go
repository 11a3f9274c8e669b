package eventlog_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
)

// restored is a server whose store is set back while a log is connected to it.
type restored struct {
	t      *testing.T
	keys   *logtest.Keys
	data   string
	server *server.Server
	log    *eventlog.Log
}

// setBack appends five commits, keeps a copy of the store, appends three more, and puts the
// copy back under the running log.
func setBack(t *testing.T) *restored {
	t.Helper()
	r := &restored{t: t, keys: logtest.NewKeys(t), data: t.TempDir()}
	r.server = logtest.Listening(t, -1, r.data)
	r.log = r.keys.Open(t, logtest.Dial(t, r.server.ClientURL()), 1, "intake")
	r.append(5)
	port, older := r.server.Addr().(*net.TCPAddr).Port, t.TempDir()
	logtest.Stop(r.server)
	r.copy(r.data, older)
	r.server = logtest.Listening(t, port, r.data)
	r.append(3)
	logtest.Stop(r.server)
	if err := os.RemoveAll(r.data); err != nil {
		t.Fatal(err)
	}
	r.copy(older, r.data)
	r.server = logtest.Listening(t, port, r.data)
	return r
}

func (r *restored) copy(from, to string) {
	r.t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		r.t.Fatal(err)
	}
}

func (r *restored) append(count int) {
	r.t.Helper()
	for range count {
		r.must(r.log)
	}
}

// must appends to a subject of its own as soon as the log answers.
func (r *restored) must(log *eventlog.Log) {
	r.t.Helper()
	if err := r.eventually(log); err != nil {
		r.t.Fatal(err)
	}
}

var subjects int

func (r *restored) eventually(log *eventlog.Log) error {
	ctx := logtest.Context(r.t)
	for {
		subjects++
		_, err := log.Append(ctx, logtest.Joined(fmt.Sprint("c", subjects)), 0)
		if err == nil || errors.Is(err, eventlog.ErrBroken) || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Millisecond):
		}
	}
}

func (r *restored) last() uint64 {
	r.t.Helper()
	log := r.keys.Open(r.t, logtest.Dial(r.t, r.server.ClientURL()), 1, "triage")
	last, err := log.Last(logtest.Context(r.t))
	if err != nil {
		r.t.Fatal(err)
	}
	return last
}

// TestALogThatCameBackShorterIsNotAppendedTo, not even on a subject that lost nothing.
func TestALogThatCameBackShorterIsNotAppendedTo(t *testing.T) {
	r := setBack(t)
	for range 3 {
		if err := r.eventually(r.log); !errors.Is(err, eventlog.ErrBroken) || !errors.Is(err, eventlog.ErrUnknown) {
			t.Fatalf("it is appended to with %v", err)
		}
	}
	if _, err := r.log.Tail(logtest.Context(t), eventlog.ConversationSubject("c1"), 0); !errors.Is(err, eventlog.ErrBroken) {
		t.Errorf("it is read with %v", err)
	}
	if last := r.last(); last != 5 {
		t.Errorf("the log grew from 5 to %d", last)
	}
}

// TestALogThatGrewAgainIsStillBroken: somebody who had not seen what was lost has appended.
func TestALogThatGrewAgainIsStillBroken(t *testing.T) {
	r := setBack(t)
	stranger := r.keys.Open(t, logtest.Dial(t, r.server.ClientURL()), 1, "intake")
	for range 7 {
		r.must(stranger)
	}
	if err := r.eventually(r.log); !errors.Is(err, eventlog.ErrBroken) {
		t.Errorf("it is appended to with %v", err)
	}
}

// TestGuardNotices without anybody appending.
func TestGuardNotices(t *testing.T) {
	r := setBack(t)
	if err := r.log.Guard(logtest.Context(t)); !errors.Is(err, eventlog.ErrBroken) {
		t.Errorf("it ends with %v", err)
	}
	ctx, cancel := context.WithCancel(logtest.Context(t))
	cancel()
	if err := logtest.New(t, "intake").Guard(ctx); err != nil {
		t.Errorf("a sound log is guarded until %v", err)
	}
}

// TestALogThatCameBackWholeGoesOn after the same steps, but with nothing lost.
func TestALogThatCameBackWholeGoesOn(t *testing.T) {
	r := &restored{t: t, keys: logtest.NewKeys(t), data: t.TempDir()}
	r.server = logtest.Listening(t, -1, r.data)
	r.log = r.keys.Open(t, logtest.Dial(t, r.server.ClientURL()), 1, "intake")
	r.append(5)
	port := r.server.Addr().(*net.TCPAddr).Port
	logtest.Stop(r.server)
	r.server = logtest.Listening(t, port, r.data)
	r.append(1)
	if last := r.last(); last != 6 {
		t.Errorf("the log ends at %d, want 6", last)
	}
}
