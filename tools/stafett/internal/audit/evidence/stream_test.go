package evidence_test

import (
	"crypto/sha256"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/mod/sumdb/note"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/check"
	"github.com/stafett/stafett/pkg/verify/verifytest"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/rawlog"
	"github.com/stafett/stafett/tools/stafett/internal/audit/evidence"
)

// connected starts a nats-server with the log's stream and some commits of one
// conversation on it.
func connected(t *testing.T, count uint32) *nats.Conn {
	t.Helper()
	embedded, err := server.NewServer(&server.Options{DontListen: true, NoSigs: true, NoLog: true, JetStream: true, StoreDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	go embedded.Start()
	t.Cleanup(func() { embedded.Shutdown(); embedded.WaitForShutdown() })
	if !embedded.ReadyForConnections(20 * time.Second) {
		t.Fatal("the nats-server did not start")
	}
	nc, err := nats.Connect("", nats.InProcessServer(embedded))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	fill(t, nc, count)
	return nc
}

func fill(t *testing.T, nc *nats.Conn, count uint32) {
	t.Helper()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "STAFETT", Subjects: []string{"stafett.>"}}); err != nil {
		t.Fatal(err)
	}
	var previous []byte
	for number := uint32(1); number <= count; number++ {
		a := &eventv1.Commit{Subject: "stafett.conversation.c", Number: number, PreviousHash: previous}
		payload, err := proto.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := js.PublishMsg(t.Context(), &nats.Msg{Subject: a.Subject, Data: payload, Header: nats.Header{"A": {"1"}, "B": {"2"}}}); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(payload)
		previous = sum[:]
	}
}

// signed is a checkpoint of a stream as it is, and a policy that believes it.
func signed(t *testing.T, nc *nats.Conn, size int64) (*verify.Policy, []byte) {
	t.Helper()
	signer := verifytest.Log("stafett.test/history", 0)
	var tree verify.Frontier
	err := rawlog.New(nc, "STAFETT").Read(t.Context(), 1, size, func(_ int64, m verify.Message) error { tree.Append(m.Leaf()); return nil })
	if err != nil {
		t.Fatal(err)
	}
	c := verify.Checkpoint{Origin: signer.Name(), Size: size, Root: tree.Root()}
	checkpoint, err := note.Sign(&note.Note{Text: c.Text()}, signer)
	if err != nil {
		t.Fatal(err)
	}
	policy, err := evidence.Trust{LogKey: signer.VKey()}.Open()
	if err != nil {
		t.Fatal(err)
	}
	return policy, checkpoint
}

// TestAStreamIsVerified against a checkpoint, and one that is shorter than its
// checkpoint is not mistaken for whole.
func TestAStreamIsVerified(t *testing.T) {
	nc := connected(t, 300)
	policy, checkpoint := signed(t, nc, 300)
	report, err := check.History(t.Context(), evidence.NewStream(nc, "", auditv1.Log_LOG_HISTORY, checkpoint), check.Options{Policy: policy, NoTiles: true})
	if err != nil || !report.Holds() || report.Read != 300 {
		t.Errorf("the stream: %+v, %v", report, err)
	}
	shorter := evidence.NewStream(connected(t, 290), "", auditv1.Log_LOG_HISTORY, checkpoint)
	report, err = check.History(t.Context(), shorter, check.Options{Policy: policy, NoTiles: true})
	if err != nil || report.Holds() || report.Read != 256 {
		t.Errorf("a stream that ends at 290: %+v, %v", report, err)
	}
	if report.First != 291 {
		t.Errorf("the first position that is wrong is %d, want 291", report.First)
	}
}
