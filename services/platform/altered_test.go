package platform_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"google.golang.org/grpc/codes"

	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/verify"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/platform"
	bytewise "github.com/stafett/stafett/services/rawlog"
)

// TestAPlatformDoesNotAppendToAnAlteredLog: it commits nothing, and the message says where the
// log differs and what to do.
func TestAPlatformDoesNotAppendToAnAlteredLog(t *testing.T) {
	for name, alter := range map[string]func([]verify.Message) []verify.Message{
		"changed":   func(all []verify.Message) []verify.Message { all[4].Payload[30] ^= 1; return all },
		"truncated": func(all []verify.Message) []verify.Message { return all[:4] },
		"gone":      func([]verify.Message) []verify.Message { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			published(t, data)
			left := rewrite(t, data, eventlog.Name, alter)
			p, err := platform.Up(logtest.Context(t), platform.Config{Data: data, Lines: linefile.Example()})
			if err == nil {
				p.Close()
				t.Fatal("it starts")
			}
			for _, want := range []string{"does not have the history that was signed", "position 5 ", "restore the log"} {
				if name == "gone" {
					want = strings.ReplaceAll(want, "position 5", "position 1")
				}
				if !strings.Contains(err.Error(), want) {
					t.Errorf("it says %q, want that it has %q in it", err, want)
				}
			}
			if last := lastOf(t, data); last != left {
				t.Errorf("the log went from %d to %d", left, last)
			}
		})
	}
}

// published runs a platform until all that it appended at its start is
// published.
func published(t *testing.T, data string) {
	t.Helper()
	p := apitest.Must[*platform.Platform](t)(platform.Up(logtest.Context(t), platform.Config{Data: data, Lines: linefile.Example()}))
	ctx, stop := context.WithCancel(logtest.Context(t))
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	for {
		signed, _ := os.ReadFile(filepath.Join(data, "audit", "checkpoint"))
		if c, err := verify.UnverifiedCheckpoint(signed); err == nil && c.Size == int64(len(linefile.Example())) {
			break
		}
		select {
		case <-ctx.Done():
			t.Fatal("nothing is published")
		case <-time.After(time.Millisecond):
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

// rewrite replaces a stream of a platform that is down, as somebody can who is
// root there. It returns the stream's last position.
func rewrite(t *testing.T, data string, stream string, alter func([]verify.Message) []verify.Message) int64 {
	t.Helper()
	server := logtest.Listening(t, -1, filepath.Join(data, "log"))
	defer logtest.Stop(server)
	nc := logtest.Connect(t, server)
	js, ctx := logtest.JetStream(t, nc), logtest.Context(t)
	log := bytewise.New(nc, stream)
	var all []verify.Message
	last := apitest.Must[int64](t)(log.Last(ctx))
	err := log.Read(ctx, 1, last, func(_ int64, m verify.Message) error { all = append(all, m); return nil })
	if err != nil {
		t.Fatal(err)
	}
	made := apitest.Must[jetstream.Stream](t)(js.Stream(ctx, stream)).CachedInfo().Config
	logtest.Recreate(t, js, made)
	altered := alter(all)
	publishRaw(t, server.Addr().String(), altered)
	for last = -1; last < int64(len(altered)); { // what was published is recorded a moment later
		last = apitest.Must[int64](t)(log.Last(ctx))
	}
	return last
}

// TestAnAlteredRecordOfReadingStopsReadingAlone: the history is no longer served, and
// conversations go on.
func TestAnAlteredRecordOfReadingStopsReadingAlone(t *testing.T) {
	t.Run("changed", func(t *testing.T) {
		stopsReadingAlone(t, func(data string) {
			rewrite(t, data, eventlog.AccessName, func(all []verify.Message) []verify.Message { all[0].Payload[30] ^= 1; return all })
		})
	})
	t.Run("with a hole", func(t *testing.T) {
		stopsReadingAlone(t, func(data string) { pierce(t, data) })
	})
}

// pierce takes a message out of the middle of the record.
func pierce(t *testing.T, data string) {
	t.Helper()
	server := logtest.Listening(t, -1, filepath.Join(data, "log"))
	defer logtest.Stop(server)
	js, ctx := logtest.JetStream(t, logtest.Connect(t, server)), logtest.Context(t)
	record := apitest.Must[jetstream.Stream](t)(js.Stream(ctx, eventlog.AccessName))
	unguarded := record.CachedInfo().Config
	if err := js.DeleteStream(ctx, eventlog.AccessName); err != nil {
		t.Fatal(err)
	}
	unguarded.DenyDelete = false
	record = apitest.Must[jetstream.Stream](t)(js.CreateStream(ctx, unguarded))
	for range 3 {
		apitest.Must[*jetstream.PubAck](t)(js.Publish(ctx, eventlog.AccessSubject, []byte("x")))
	}
	if err := record.DeleteMsg(ctx, 2); err != nil {
		t.Fatal(err)
	}
}

func stopsReadingAlone(t *testing.T, alter func(data string)) {
	w := apitest.NewWorld(t)
	conversation := w.Desk("sender").OpenConversation()
	w.Accesses()
	w.Checkpoint(1, apitest.AccessLog)
	w.Restart(func() { alter(w.Data) })
	w.Unaudited = true
	w.Desk("sender").OpenConversation()
	_, err := w.Auditor().Audit.GetState(w.Ctx, &auditv1.GetStateRequest{Name: conversation, Purpose: apitest.Purpose})
	apitest.WantRefusal(t, err, codes.DataLoss, "RECORD_UNUSABLE")
	_, err = w.Auditor().Audit.ListAccesses(w.Ctx, &auditv1.ListAccessesRequest{Purpose: apitest.Purpose})
	apitest.WantRefusal(t, err, codes.DataLoss, "RECORD_UNUSABLE")
	apitest.WantRefusal(t, w.ReplayError(&auditv1.ReplayCommitsRequest{}), codes.DataLoss, "RECORD_UNUSABLE")
	answer, c := w.Checkpoint(1, apitest.HistoryLog)
	entries := verify.TilePath(verify.Tile(verify.Bundles, 0, int(c.Size)))
	if response := w.AskTiles(identity.Auditor, "GET", answer.TilesUrl+"/"+entries); response.StatusCode != 503 {
		t.Errorf("entries are answered with %d", response.StatusCode)
	}
}

// publishRaw writes messages byte for byte; a client would write the headers in
// another order.
func publishRaw(t *testing.T, address string, all []verify.Message) {
	t.Helper()
	conn := apitest.Must[net.Conn](t)(net.Dial("tcp", address))
	defer conn.Close()
	fmt.Fprintf(conn, "CONNECT {\"headers\":true,\"verbose\":false}\r\n")
	for _, m := range all {
		fmt.Fprintf(conn, "HPUB %s %d %d\r\n%s%s\r\n", m.Subject, len(m.Header), len(m.Header)+len(m.Payload), m.Header, m.Payload)
	}
	fmt.Fprintf(conn, "PING\r\n")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if lines.Text() == "PONG" {
			return
		}
	}
	t.Fatal("the server does not answer")
}

func lastOf(t *testing.T, data string) int64 {
	t.Helper()
	server := logtest.Listening(t, -1, filepath.Join(data, "log"))
	defer logtest.Stop(server)
	return apitest.Must[int64](t)(bytewise.New(logtest.Connect(t, server), eventlog.Name).Last(logtest.Context(t)))
}
