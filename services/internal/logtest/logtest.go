// Package logtest starts real logs for tests: a nats-server inside the process that syncs
// every message, or a cluster of three. Nothing is faked.
package logtest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/signing"
)

// Patience is how long a test waits for something that must come. It is long because tests
// also run on slow machines; nothing that works takes that long.
const Patience = 5 * time.Minute

// Context ends with the test, or after Patience.
func Context(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	t.Cleanup(cancel)
	return ctx
}

// Keys are the signing keys of all services in a folder, and the ring that
// verifies with them.
type Keys struct {
	Ring *signing.Keyring
	dir  string
}

// NewKeys creates keys for the services that write to the log.
func NewKeys(t testing.TB) *Keys {
	t.Helper()
	keys := &Keys{dir: t.TempDir()}
	for _, service := range []string{"intake", "triage", "routing", "audit"} {
		keys.Of(t, service)
	}
	return keys.Again(t)
}

// Again returns the same keys as another process would open them: with a ring that has not
// verified anything yet.
func (k *Keys) Again(t testing.TB) *Keys {
	t.Helper()
	ring, err := signing.OpenKeyring(k.dir)
	if err != nil {
		t.Fatal(err)
	}
	return &Keys{Ring: ring, dir: k.dir}
}

// Of returns a service's key.
func (k *Keys) Of(t testing.TB, service string) *signing.Key {
	t.Helper()
	key, err := signing.OpenKey(k.dir, service)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// Open opens the log as a service.
func (k *Keys) Open(t testing.TB, nc *nats.Conn, replicas int, service string) *eventlog.Log {
	t.Helper()
	log, err := eventlog.Open(Context(t), nc, replicas, k.Ring, k.Of(t, service))
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// New starts a server and opens its log as a service.
func New(t testing.TB, service string) *eventlog.Log {
	t.Helper()
	return NewKeys(t).Open(t, Connect(t, Server(t)), 1, service)
}

// Append makes a commit of events on a conversation's subject.
func Append(conversation string, what ...proto.Message) *eventv1.Commit {
	a := &eventv1.Commit{
		Id: uuid.NewString(), Subject: eventlog.ConversationSubject(conversation),
		RecordTime: timestamppb.Now(), Caller: "spiffe://test/line/test", Command: "Test",
	}
	for _, w := range what {
		a.Events = append(a.Events, event.Of(w))
	}
	return a
}

// Joined is a commit of intake's with one event.
func Joined(conversation string) *eventv1.Commit {
	return Append(conversation, &eventv1.ParticipantJoined{Participant: "mina", Line: "test"})
}

// MustAppend appends and returns the entry.
func MustAppend(t testing.TB, log *eventlog.Log, a *eventv1.Commit, expected uint64) eventlog.Entry {
	t.Helper()
	entry, err := log.Append(Context(t), a, expected)
	if err != nil {
		t.Fatal(err)
	}
	return entry
}

// Connect connects to a server inside this process.
func Connect(t testing.TB, s *server.Server) *nats.Conn {
	t.Helper()
	return Dial(t, "", nats.InProcessServer(s))
}

// Dial connects to a server and closes the connection with the test. It reconnects within
// milliseconds when the server comes back.
func Dial(t testing.TB, url string, options ...nats.Option) *nats.Conn {
	t.Helper()
	options = append(options, nats.MaxReconnects(-1), nats.ReconnectWait(5*time.Millisecond), nats.ReconnectJitter(0, 0),
		nats.IgnoreDiscoveredServers(),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})) // the default handler prints
	nc, err := nats.Connect(url, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc
}
