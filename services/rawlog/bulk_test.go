package rawlog_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/rawlog"
)

// TestMessagesAreReadInBulk through each kind of connection, and not one by one without anybody
// noticing.
func TestMessagesAreReadInBulk(t *testing.T) {
	for name, connect := range map[string]func(*testing.T) *nats.Conn{
		"in this process": func(t *testing.T) *nats.Conn { return logtest.Connect(t, logtest.Server(t)) },
		"without TLS": func(t *testing.T) *nats.Conn {
			return logtest.Dial(t, logtest.Listening(t, -1, t.TempDir()).ClientURL())
		},
		"with TLS": overTLS,
	} {
		t.Run(name, func(t *testing.T) {
			log := logtest.NewKeys(t).Open(t, connect(t), 1, "intake")
			for i := range 5 {
				logtest.MustAppend(t, log, logtest.Joined(fmt.Sprint(i)), 0)
			}
			s, leaves, ctx := log.Stored(), map[int64]string{}, logtest.Context(t)
			err := rawlog.Single(s, ctx, 1, 5, func(position int64, m verify.Message) error {
				leaves[position] = m.Leaf().String()
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			next, err := rawlog.Bulk(s, ctx, 2, 5, func(position int64, m verify.Message) error {
				if m.Leaf().String() != leaves[position] {
					t.Errorf("position %d is %q", position, m)
				}
				delete(leaves, position)
				return nil
			})
			if err != nil || next != 6 || len(leaves) != 1 {
				t.Errorf("%d is next, %d were not read: %v", next, len(leaves), err)
			}
		})
	}
}

// TestAGapEndsTheReading also where a consumer would jump over it.
func TestAGapEndsTheReading(t *testing.T) {
	nc := logtest.Connect(t, logtest.Server(t))
	js, ctx := logtest.JetStream(t, nc), logtest.Context(t)
	stream, err := js.CreateStream(ctx, jetstream.StreamConfig{Name: eventlog.Name, Subjects: []string{"x"}})
	if err != nil {
		t.Fatal(err)
	}
	for range 300 {
		if _, err := js.Publish(ctx, "x", []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	if err := stream.DeleteMsg(ctx, 250); err != nil {
		t.Fatal(err)
	}
	read := int64(0)
	err = rawlog.New(nc, eventlog.Name).Read(ctx, 1, 300, func(position int64, _ verify.Message) error { read = position; return nil })
	if !errors.Is(err, rawlog.ErrNotFound) || !strings.HasPrefix(err.Error(), "position 250: ") || read != 249 {
		t.Errorf("%d were read: %v", read, err)
	}
}

// overTLS connects as services do to an external server.
func overTLS(t *testing.T) *nats.Conn {
	t.Helper()
	folder := t.TempDir()
	authority, err := identity.OpenAuthority(folder, "")
	if err != nil {
		t.Fatal(err)
	}
	peer, err := authority.Peer(identity.Service, "nats")
	if err != nil {
		t.Fatal(err)
	}
	if err := authority.Issue(peer, []string{"127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	files := identity.FilesIn(folder, identity.Service, "nats")
	theirs, err := identity.ServerTLS(files)
	if err != nil {
		t.Fatal(err)
	}
	ours, err := client.ClientTLS(files, "nats")
	if err != nil {
		t.Fatal(err)
	}
	return logtest.Dial(t, listening(t, theirs).ClientURL(), nats.Secure(ours))
}

func listening(t *testing.T, config *tls.Config) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, StoreDir: t.TempDir(), JetStream: true,
		SyncAlways: true, NoSigs: true, NoLog: true, TLS: true, TLSVerify: true, TLSConfig: config})
	if err != nil {
		t.Fatal(err)
	}
	go s.Start()
	t.Cleanup(func() { logtest.Stop(s) })
	if !s.ReadyForConnections(logtest.Patience) {
		t.Fatal("the nats-server did not start")
	}
	return s
}

// BenchmarkRead reads messages, many in bulk and few one by one.
func BenchmarkRead(b *testing.B) {
	log := logtest.New(b, "intake")
	const count = 10_000
	for i := range count {
		logtest.MustAppend(b, log, logtest.Joined(fmt.Sprint(i)), 0)
	}
	s, ctx := log.Stored(), b.Context()
	for name, read := range map[string]func(func(int64, verify.Message) error) error{
		"bulk":   func(each func(int64, verify.Message) error) error { return s.Read(ctx, 1, count, each) },
		"single": func(each func(int64, verify.Message) error) error { return rawlog.Single(s, ctx, 1, 128, each) },
	} {
		b.Run(name, func(b *testing.B) {
			for n := 0; n < b.N; {
				err := read(func(int64, verify.Message) error { n++; return nil })
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
