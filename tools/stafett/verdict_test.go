package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// TestProcessesRefuseAnAlteredLog: audit finds that the log was altered while
// everything was down. A service that ran already ends, one that starts does not,
// and all go on once the log is restored.
func TestProcessesRefuseAnAlteredLog(t *testing.T) {
	t.Parallel()
	s := newSplit(t)
	nats, audit, routing := s.nats(), s.serves("audit"), s.serves("routing")
	checkpointAfter(t, s.Data, 5)
	for _, p := range []*process{routing, audit, nats} {
		p.stop(t)
	}
	kept := filepath.Join(t.TempDir(), "kept")
	if err := os.CopyFS(kept, os.DirFS(s.Stored)); err != nil {
		t.Fatal(err)
	}
	// The server that alters the log keeps it in the account that has no name.
	named, unnamed := filepath.Join(s.Stored, "jetstream", "STAFETT"), filepath.Join(s.Stored, "jetstream", "$G")
	if err := errors.Join(os.RemoveAll(unnamed), os.Rename(named, unnamed)); err != nil {
		t.Fatal(err)
	}
	alterHeaders(t, s.Stored)
	if err := os.Rename(unnamed, named); err != nil {
		t.Fatal(err)
	}

	nats, routing = s.nats(), s.serves("routing")
	expect(t, 1, []string{"does not have the history that was signed"}, s.Arguments("audit")...)
	if code := routing.ends(t); code != 1 {
		t.Errorf("routing ended with %d on a log that was altered", code)
	}
	expect(t, 1, []string{"audit found"}, s.Arguments("intake")...)

	// The log alone is restored, so the verdict stands until audit takes it back.
	nats.stop(t)
	const log = "jetstream/STAFETT/streams/STAFETT"
	if err := errors.Join(os.RemoveAll(filepath.Join(s.Stored, log)), os.CopyFS(filepath.Join(s.Stored, log), os.DirFS(filepath.Join(kept, log)))); err != nil {
		t.Fatal(err)
	}
	s.nats()
	expect(t, 1, []string{"audit found"}, s.Arguments("intake")...)
	s.serves("audit")
	s.serves("intake")
	s.serves("routing")
}

// alterHeaders rewrites the log with one more header in each message, which the
// services do not look at when they go on where they were.
func alterHeaders(t *testing.T, stored string) {
	t.Helper()
	embedded, err := server.NewServer(&server.Options{DontListen: true, NoSigs: true, NoLog: true, JetStream: true, StoreDir: stored})
	if err != nil {
		t.Fatal(err)
	}
	go embedded.Start()
	defer func() { embedded.Shutdown(); embedded.WaitForShutdown() }()
	if !embedded.ReadyForConnections(20 * time.Second) {
		t.Fatal("the nats-server did not start")
	}
	nc, err := nats.Connect("", nats.InProcessServer(embedded))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := js.Stream(t.Context(), "STAFETT")
	if err != nil {
		t.Fatal(err)
	}
	var all []*jetstream.RawStreamMsg
	for position := uint64(1); position <= stream.CachedInfo().State.LastSeq; position++ {
		m, err := stream.GetMsg(t.Context(), position)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	if err := js.DeleteStream(t.Context(), "STAFETT"); err != nil {
		t.Fatal(err)
	}
	if _, err := js.CreateStream(t.Context(), stream.CachedInfo().Config); err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		m.Header.Set("Altered", "yes")
		if _, err := js.PublishMsg(t.Context(), &nats.Msg{Subject: m.Subject, Header: m.Header, Data: m.Data}); err != nil {
			t.Fatal(err)
		}
	}
}
