package eventlog_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

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
	conns  []*nats.Conn
}

// setBack appends five commits, keeps a copy of the store, appends three more, and puts the
// copy back under the running log.
func setBack(t *testing.T) *restored {
	t.Helper()
	return setBackAfter(t, func(*restored) {})
}

// setBackAfter does more before the copy is made.
func setBackAfter(t *testing.T, meanwhile func(*restored)) *restored {
	t.Helper()
	r := &restored{t: t, keys: logtest.NewKeys(t), data: t.TempDir()}
	r.server = logtest.Listening(t, -1, r.data)
	r.log = r.opened()
	r.append(5)
	meanwhile(r)
	port, older := r.server.Addr().(*net.TCPAddr).Port, t.TempDir()
	logtest.Stop(r.server)
	r.copy(r.data, older)
	r.server = logtest.Listening(t, port, r.data)
	r.reconnected(1)
	r.append(3)
	logtest.Stop(r.server)
	if err := os.RemoveAll(r.data); err != nil {
		t.Fatal(err)
	}
	r.copy(older, r.data)
	r.server = logtest.Listening(t, port, r.data)
	r.reconnected(2)
	return r
}

// opened opens the log as another process.
func (r *restored) opened() *eventlog.Log {
	r.t.Helper()
	nc := logtest.Dial(r.t, r.server.ClientURL())
	r.conns = append(r.conns, nc)
	return r.keys.Open(r.t, nc, 1, "intake")
}

// reconnected waits until all have reconnected so often. What is under way while the connection
// is lost is not acknowledged, but it may be in the log.
func (r *restored) reconnected(times uint64) {
	r.t.Helper()
	for ctx := logtest.Context(r.t); ; time.Sleep(time.Millisecond) {
		waits := slices.ContainsFunc(r.conns, func(nc *nats.Conn) bool { return nc.Stats().Reconnects < times })
		if !waits {
			return
		}
		if ctx.Err() != nil {
			r.t.Fatal("the connections do not come back")
		}
	}
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

// TestWhatOnlyAnotherProcessKnew: a log that came back shorter has all that this process saw of
// it, and another had committed more.
func TestWhatOnlyAnotherProcessKnew(t *testing.T) {
	var other *eventlog.Log
	ended := make(chan error, 2)
	ctx, cancel := context.WithCancel(logtest.Context(t))
	r := setBackAfter(t, func(r *restored) {
		other = r.opened()
		r.must(other)
		for _, log := range []*eventlog.Log{other, r.log} {
			go func() { ended <- log.Guard(ctx) }()
		}
		for other.Heard() == 0 || r.log.Heard() == 0 {
			if time.Sleep(time.Millisecond); ctx.Err() != nil {
				t.Fatal("they do not hear each other")
			}
		}
	})
	if err := r.eventually(other); !errors.Is(err, eventlog.ErrBroken) {
		t.Errorf("it is appended to with %v", err)
	}
	if last := r.last(); last != 6 {
		t.Errorf("the log grew from 6 to %d", last)
	}
	for range 2 {
		if err := <-ended; !errors.Is(err, eventlog.ErrBroken) {
			t.Errorf("its guard ends with %v", err)
		}
	}
	cancel()
}

// TestAProcessThatIsGone holds the others up for two seconds, once.
func TestAProcessThatIsGone(t *testing.T) {
	keys, ctx := logtest.NewKeys(t), logtest.Context(t)
	server := logtest.Listening(t, -1, t.TempDir())
	nc := logtest.Dial(t, server.ClientURL())
	log, gone := keys.Open(t, nc, 1, "intake"), keys.Open(t, logtest.Dial(t, server.ClientURL()), 1, "triage")
	for _, guarded := range []*eventlog.Log{log, gone} {
		running, stop := context.WithCancel(ctx)
		defer stop()
		go guarded.Guard(running)
		for guarded == gone && log.Heard() == 0 {
			time.Sleep(time.Millisecond)
		}
		if guarded == gone {
			stop()
		}
	}
	logtest.MustAppend(t, log, logtest.Joined("a"), 0)
	if err := nc.ForceReconnect(); err != nil {
		t.Fatal(err)
	}
	for began, subject := time.Now(), 0; ; subject++ {
		if _, err := log.Append(ctx, logtest.Joined(fmt.Sprint("b", subject)), 0); err == nil {
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("it went on after %v", took)
			}
			return
		} else if errors.Is(err, eventlog.ErrBroken) || ctx.Err() != nil {
			t.Fatal(err)
		}
	}
}

// TestAMarkThatNobodySigned stops nobody.
func TestAMarkThatNobodySigned(t *testing.T) {
	keys, nc := logtest.NewKeys(t), logtest.Connect(t, logtest.Server(t))
	log := keys.Open(t, nc, 1, "intake")
	ctx, cancel := context.WithCancel(logtest.Context(t))
	ended := make(chan error, 1)
	go func() { ended <- log.Guard(ctx) }()
	// hears starts a service, whose mark comes after all that was published before.
	hears := func(service string) {
		other := keys.Open(t, nc, 1, service)
		go other.Guard(ctx)
		for !log.Hears(other) && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
	}
	hears("triage")
	for range 30 {
		if err := nc.Publish(eventlog.MarkSubject, []byte(`{"Process":"x","Service":"triage","Position":99,"Hash":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}`)); err != nil {
			t.Fatal(err)
		}
	}
	hears("routing")
	cancel()
	if err := <-ended; err != nil || log.Heard() != 2 {
		t.Errorf("it ends with %v after %d marks, want 2", err, log.Heard())
	}
}

// TestAProcessThatStartsHearsTheOthers before it commits anything.
func TestAProcessThatStartsHearsTheOthers(t *testing.T) {
	for name, c := range map[string]struct {
		knows [32]byte
		at    uint64
		want  error
	}{
		"what the log has":       {},
		"more than the log":      {[32]byte{1}, 9, eventlog.ErrBroken},
		"another commit than it": {[32]byte{1}, 1, eventlog.ErrBroken},
	} {
		keys, server, ctx := logtest.NewKeys(t), logtest.Server(t), logtest.Context(t)
		nc := logtest.Connect(t, server)
		other := keys.Open(t, nc, 1, "triage")
		first := logtest.MustAppend(t, keys.Open(t, nc, 1, "intake"), logtest.Joined("a"), 0)
		other.Knows(first.Position, first.Hash)
		if c.at > 0 {
			other = keys.Open(t, nc, 1, "triage")
			other.Knows(c.at, c.knows)
		}
		running, stop := context.WithCancel(ctx)
		go other.Guard(running)
		starts := keys.Open(t, logtest.Connect(t, server), 1, "intake")
		var err error
		for !starts.Hears(other) && ctx.Err() == nil {
			err = starts.HearOthers(ctx)
		}
		if !errors.Is(err, c.want) {
			t.Errorf("knowing %s, it starts with %v, want %v", name, err, c.want)
		}
		stop()
	}
}

// TestAProcessThatStartsAlone starts.
func TestAProcessThatStartsAlone(t *testing.T) {
	if err := logtest.New(t, "intake").HearOthers(logtest.Context(t)); err != nil {
		t.Errorf("it starts with %v", err)
	}
}
