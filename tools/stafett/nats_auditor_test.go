package main

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/services/platform"
)

// as connects to the nats-server as a peer.
func (s split) as(kind, name string) (*nats.Conn, error) {
	config, err := client.ClientTLS(platform.Credentials(platform.IdentityFolder(s.Folder), kind, name), "nats")
	if err != nil {
		return nil, err
	}
	return nats.Connect(fmt.Sprintf("tls://127.0.0.1:%d", s.Ports), nats.Secure(config), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
}

// TestAnAuditorReadsTheStream: whoever has the auditor's certificate may read the log as
// it is stored, and do nothing else. Lines and operators may not connect.
func TestAnAuditorReadsTheStream(t *testing.T) {
	t.Parallel()
	s := newSplit(t)
	s.nats()
	for _, name := range []string{"audit", "routing"} {
		s.serves(name)
	}
	for kind, name := range map[string]string{"line": "brus", "operator": "operator"} {
		if nc, err := s.as(kind, name); err == nil {
			nc.Close()
			t.Errorf("%s %s connected to the nats-server", kind, name)
		}
	}
	nc, err := s.as("auditor", "auditor")
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.NewWithAPIPrefix(nc, "STAFETT.API")
	if err != nil {
		t.Fatal(err)
	}
	stream, err := js.Stream(t.Context(), "STAFETT")
	if err != nil {
		t.Fatal(err)
	}
	last := stream.CachedInfo().State.LastSeq
	if stored, err := stream.GetMsg(t.Context(), last); err != nil || last == 0 || stored.Header.Get("Stafett-Signature") == "" {
		t.Errorf("message %d: %v", last, err)
	}
	mayNot(t, nc)
	checkpointAfter(t, s.Data, int64(last)-1)
	auditor := platform.Credentials(platform.IdentityFolder(s.Folder), "auditor", "auditor")
	folder := filepath.Join(s.Data, "audit")
	expect(t, 0, []string{"no problem found"}, "audit", "verify", "--nats", fmt.Sprintf("tls://127.0.0.1:%d", s.Ports), "--nats-prefix", "STAFETT.API",
		"--nats-ca", auditor.CA, "--nats-cert", auditor.Cert, "--nats-key", auditor.Key,
		"--checkpoint", filepath.Join(folder, "checkpoint"), "--log-key", filepath.Join(folder, "log.vkey"))
	if after, err := stream.Info(t.Context()); err != nil || after.State.LastSeq != last || after.State.FirstSeq != 1 {
		t.Errorf("the log ended at %d and now at %d, %v", last, after.State.LastSeq, err)
	}
}

// mayNot tries what would change the log, or show others' subjects.
func mayNot(t *testing.T, nc *nats.Conn) {
	t.Helper()
	for subject, body := range map[string]string{
		"stafett.conversation.x":                 "",
		"stafett.access":                         "",
		"$JS.API.STREAM.DELETE.STAFETT":          "",
		"$JS.API.STREAM.PURGE.STAFETT":           "",
		"$JS.API.STREAM.MSG.DELETE.STAFETT":      `{"seq":1}`,
		"$JS.API.STREAM.UPDATE.STAFETT":          `{"name":"STAFETT","subjects":["x"]}`,
		"$JS.API.STREAM.INFO.STAFETT_ACCESS":     "",
		"$JS.API.CONSUMER.CREATE.STAFETT":        `{"stream_name":"STAFETT","config":{"deliver_subject":"stafett.access","ack_policy":"none"}}`,
		"STAFETT.API.STREAM.DELETE.STAFETT":      "",
		"STAFETT.API.STREAM.INFO.STAFETT_ACCESS": "",
		"$JS.API.STREAM.MSG.GET.STAFETT_OTHER":   `{"seq":1}`,
	} {
		if answer, err := nc.Request(subject, []byte(body), 300*time.Millisecond); err == nil {
			t.Errorf("%s was answered: %s", subject, answer.Data)
		}
	}
	// An answer is a message too: it must not land on a subject of the log.
	for _, subject := range []string{"stafett.conversation.x", "stafett.line.brus", "stafett.access", "stafett.verdict"} {
		if err := nc.PublishRequest("STAFETT.API.STREAM.MSG.GET.STAFETT", subject, []byte(`{"seq":1}`)); err != nil {
			t.Error(err)
		}
	}
	seen, err := nc.SubscribeSync("stafett.>")
	if err != nil {
		t.Fatal(err)
	}
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
	if message, err := seen.NextMsg(300 * time.Millisecond); err == nil {
		t.Errorf("the auditor sees %s", message.Subject)
	}
}
