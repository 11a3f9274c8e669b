package conversations_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"

	"github.com/jonboulle/clockwork"
	"google.golang.org/protobuf/proto"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
)

// far is a service whose connection to the log can fail, and the same log as
// seen by others.
type far struct {
	*service
	proxy *logtest.Proxy
	near  *service
	// nearIntake is the log of another intake.
	nearIntake *eventlog.Log
	seen       chan eventlog.Entry
}

func newFar(t *testing.T) far {
	server, keys := logtest.Listening(t, -1, t.TempDir()), logtest.NewKeys(t)
	proxy := logtest.NewProxy(t, server.Addr().String())
	log := keys.Open(t, logtest.Dial(t, proxy.URL()), 1, "intake")
	direct := keys.Open(t, logtest.Connect(t, server), 1, "triage")
	f := far{
		service: open(t, log, file(t), clockwork.NewRealClock()), proxy: proxy,
		near: open(t, direct, file(t), clockwork.NewRealClock()), seen: make(chan eventlog.Entry, 100),
		nearIntake: keys.Open(t, logtest.Connect(t, server), 1, "intake"),
	}
	f.do(t, call("open"), opening())
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	go direct.Follow(ctx, 1, func(batch []eventlog.Entry) error {
		for _, entry := range batch {
			f.seen <- entry
		}
		return nil
	})
	return f
}

type answer struct {
	recorded *handoverv1.Recorded
	err      error
}

// begin begins a command and goes on.
func (f far) begin(t *testing.T, name string) <-chan answer {
	answered := make(chan answer, 1)
	go func() {
		recorded, err := f.Do(logtest.Context(t), call(name), joining(name))
		answered <- answer{recorded, err}
	}()
	return answered
}

// once checks that a command was recorded once, and is answered so again.
func (f far) once(t *testing.T, name string, first *handoverv1.Recorded) {
	t.Helper()
	if again := f.do(t, call(name), joining(name)); first != nil && !proto.Equal(again, first) {
		t.Errorf("asked again: %v, want %v", again, first)
	}
	found := 0
	for _, entry := range history(t, f.near.log) {
		if string(entry.Commit.RequestId) != string(call(name).RequestID) {
			continue
		}
		if found++; first != nil && entry.Position != first.Position {
			t.Errorf("it is at position %d, the answer said %d", entry.Position, first.Position)
		}
	}
	if found != 1 {
		t.Errorf("it was recorded %d times, want once", found)
	}
}

// TestAnUnknownOutcomeIsFoundOut: the cases wait for most of their time, so they
// run at once.
func TestAnUnknownOutcomeIsFoundOut(t *testing.T) {
	var running sync.WaitGroup
	for name, test := range map[string]func(*testing.T){
		"the acknowledgement is lost": acknowledgementLost, "the commit is lost": appendLost,
		"refused at the second attempt": refusedLater, "the log stays away": logAway, "the server dies after the commit": serverDies,
	} {
		running.Go(func() { t.Run(name, test) })
	}
	running.Wait()
}

// acknowledgementLost: the commit is in the log, others follow it, and its service learns of
// it only when it looks.
func acknowledgementLost(t *testing.T) {
	f := newFar(t)
	f.proxy.Deafen()
	answered := f.begin(t, "mina")
	if entry := <-f.seen; entry.Position != 2 {
		t.Fatalf("position %d was appended, want 2", entry.Position)
	}
	f.near.do(t, call(""), assessing())
	f.proxy.Heal()
	got := <-answered
	if got.err != nil || got.recorded.Position != 2 {
		t.Fatalf("%v, %v, want position 2", got.recorded, got.err)
	}
	f.once(t, "mina", got.recorded)
}

// appendLost: nothing came to the log, so it is tried again.
func appendLost(t *testing.T) {
	f := newFar(t)
	f.proxy.Mute()
	answered := f.begin(t, "mina")
	f.proxy.AwaitLost(t, "stafett.conversation.")
	f.near.do(t, call(""), assessing())
	f.proxy.Heal()
	got := <-answered
	if got.err != nil {
		t.Fatal(got.err)
	}
	f.once(t, "mina", got.recorded)
}

// refusedLater: the first attempt may still reach the log, so the refusal of the second is not
// final. When asked again, it is.
func refusedLater(t *testing.T) {
	f := newFar(t)
	intake := open(t, f.nearIntake, file(t), clockwork.NewRealClock())
	f.proxy.Mute()
	answered := f.begin(t, "mina")
	f.proxy.AwaitLost(t, "stafett.conversation.")
	intake.do(t, call("close"), closing())
	f.proxy.Heal()
	if got := <-answered; !errors.Is(got.err, eventlog.ErrUnknown) || reason(got.err) != 0 {
		t.Errorf("%v, %v, want an unknown outcome", got.recorded, got.err)
	}
	_, err := f.Do(logtest.Context(t), call("mina"), joining("mina"))
	if reason(err) != handoverv1.RefusalReason_REFUSAL_REASON_CONVERSATION_CLOSED {
		t.Errorf("asked again: %v, want CONVERSATION_CLOSED", err)
	}
}

// logAway: the caller is told that the outcome is unknown, asks
// again, and finds what was recorded then.
func logAway(t *testing.T) {
	f := newFar(t)
	f.proxy.Deafen()
	answered := f.begin(t, "mina")
	<-f.seen
	got := <-answered
	if !errors.Is(got.err, eventlog.ErrUnknown) {
		t.Fatalf("%v, %v, want an unknown outcome", got.recorded, got.err)
	}
	f.proxy.Heal()
	recorded := f.do(t, call("mina"), joining("mina"))
	if recorded.Position != 2 {
		t.Errorf("asked again: %v, want position 2", recorded)
	}
	f.once(t, "mina", recorded)
}

// serverDies and is restarted: the commit was synced.
func serverDies(t *testing.T) {
	data, keys := t.TempDir(), logtest.NewKeys(t)
	server := logtest.Listening(t, -1, data)
	proxy := logtest.NewProxy(t, server.Addr().String())
	s := open(t, keys.Open(t, logtest.Dial(t, proxy.URL()), 1, "intake"), file(t), clockwork.NewRealClock())
	direct := keys.Open(t, logtest.Connect(t, server), 1, "triage")
	s.do(t, call("open"), opening())
	proxy.Deafen()
	f := far{service: s, proxy: proxy}
	answered := f.begin(t, "mina")
	followed := errors.New("followed")
	if err := direct.Follow(logtest.Context(t), 1, func([]eventlog.Entry) error { return followed }); !errors.Is(err, followed) {
		t.Fatal(err)
	}
	port := server.Addr().(*net.TCPAddr).Port
	logtest.Stop(server)
	again := logtest.Listening(t, port, data)
	proxy.Heal()
	got := <-answered
	if got.err != nil || got.recorded.Position != 2 {
		t.Fatalf("%v, %v, want position 2", got.recorded, got.err)
	}
	f.near = open(t, keys.Open(t, logtest.Connect(t, again), 1, "triage"), file(t), clockwork.NewRealClock())
	f.once(t, "mina", got.recorded)
}
