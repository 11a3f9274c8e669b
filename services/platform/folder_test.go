package platform_test

import (
	"bufio"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.etcd.io/bbolt"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/sealtest"
	"github.com/stafett/stafett/services/platform"
)

func TestTheFolderIsTakenOnce(t *testing.T) {
	w := apitest.NewWorld(t)
	w.Desk("sender").OpenConversation()
	second := func() error {
		p, err := platform.Up(w.Ctx, platform.Config{Data: w.Data, Lines: apitest.FourLines()})
		if err == nil {
			p.Close()
		}
		return err
	}
	began := time.Now()
	if err := second(); err == nil || !strings.Contains(err.Error(), w.Data+" is in use by another process") {
		t.Errorf("%v, want that the folder is in use", err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %v to say so", took)
	}
	w.Desk("sender").OpenConversation() // the first goes on undisturbed
	w.Stop()
	if err := second(); err != nil {
		t.Errorf("once the first has stopped: %v", err)
	}
}

// TestAnotherProcessHoldsTheFolder and lets go of it when it is killed.
func TestAnotherProcessHoldsTheFolder(t *testing.T) {
	data := t.TempDir()
	holder := exec.Command(os.Args[0], "-test.run=^TestHoldTheFolder$", "-test.v")
	holder.Env = append(os.Environ(), "STAFETT_TEST_HOLD="+data)
	output, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { holder.Process.Kill() })
	for lines := bufio.NewScanner(output); ; {
		if !lines.Scan() {
			t.Fatal("the other process did not start")
		}
		if lines.Text() == "holding" {
			break
		}
	}
	if _, err := platform.Up(t.Context(), platform.Config{Data: data, Lines: apitest.FourLines()}); err == nil || !strings.Contains(err.Error(), "in use by another process") {
		t.Errorf("%v, want that the folder is in use", err)
	}
	holder.Process.Kill()
	holder.Wait()
	p, err := platform.Up(t.Context(), platform.Config{Data: data, Lines: apitest.FourLines()})
	if err != nil {
		t.Fatalf("after the other was killed: %v", err)
	}
	p.Close()
}

// TestHoldTheFolder is the other process of TestAnotherProcessHoldsTheFolder.
func TestHoldTheFolder(t *testing.T) {
	data := os.Getenv("STAFETT_TEST_HOLD")
	if data == "" {
		t.Skip("it is run by TestAnotherProcessHoldsTheFolder")
	}
	p, err := platform.Up(t.Context(), platform.Config{Data: data, Lines: apitest.FourLines()})
	if err != nil {
		t.Fatal(err)
	}
	os.Stdout.WriteString("\nholding\n")
	p.Run(context.Background())
}

// TestAFailedStartLeavesTheFolderFree.
func TestAFailedStartLeavesTheFolderFree(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	data, port := t.TempDir(), taken.Addr().(*net.TCPAddr).Port
	_, err = platform.Up(t.Context(), platform.Config{Data: data, Lines: apitest.FourLines(), Port: port})
	if err == nil || !strings.Contains(err.Error(), "--port") { // one of the ports after it may be taken, too
		t.Errorf("%v, want that the port is taken", err)
	}
	p, err := platform.Up(t.Context(), platform.Config{Data: data, Lines: apitest.FourLines()})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// TestTheDirectoryIsPublishedOnce, and not again when a file says something else.
func TestTheDirectoryIsPublishedOnce(t *testing.T) {
	w := apitest.NewWorld(t)
	for range 2 {
		w.Restart(func() {})
		if last := w.LogEnd(); last != 4 {
			t.Errorf("the log ends at %d, want the four lines alone", last)
		}
	}
	w.Stop()
	changed := proto.CloneOf(apitest.FourLines()[0])
	changed.Languages = []string{"nb", "en"}
	config := platform.Config{Data: w.Data, Lines: append([]*handoverv1.Line{changed}, apitest.FourLines()[1:]...), Clock: w.Clock}
	p, err := platform.Up(w.Ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	p.Close()
	w.Start()
	if last := w.LogEnd(); last != 4 {
		t.Errorf("the log ends at %d, want the four lines as they were", last)
	}
}

// TestARefusedBlobIsNotKept: the vault has what the log has, and nothing more.
func TestARefusedBlobIsNotKept(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	handover := sender.Propose(sender.OpenConversation()) // two parts
	conversation, _, _ := strings.Cut(handover, "/handovers/")
	_, err := sender.Intake.SendMessage(w.Ctx, &intakev1.SendMessageRequest{
		RequestId: uuid.NewString(), Conversation: conversation, Participant: "mina",
		Audience: handoverv1.Audience_AUDIENCE_ALL, Sealed: sealtest.Blob("hello"),
	})
	apitest.WantRefusal(t, err, codes.FailedPrecondition, "NOT_RELAYED")
	_, err = w.Desk("first").Intake.SealPacket(w.Ctx, &intakev1.SealPacketRequest{
		RequestId: uuid.NewString(), Handover: handover, Part: handoverv1.Scope_SCOPE_SUMMARY, Sealed: sealtest.Blob("hello"),
	})
	apitest.WantRefusal(t, err, codes.PermissionDenied, "CONVERSATION_NOT_YOURS")
	w.Stop()
	vault, err := bbolt.Open(filepath.Join(w.Data, "intake/vault.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer vault.Close()
	err = vault.View(func(tx *bbolt.Tx) error {
		if n := tx.Bucket([]byte("blobs")).Stats().KeyN; n != 2 {
			t.Errorf("the vault has %d blobs, want the two parts", n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
