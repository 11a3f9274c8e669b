package platform_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sys/unix"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/platform"
)

// opening is a command of a line.
func opening() *intakev1.OpenConversationRequest {
	return &intakev1.OpenConversationRequest{RequestId: uuid.NewString(), Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb", Child: "child"}
}

// until repeats a request until its refusal has the reason; empty: until it is recorded.
func until(t *testing.T, line *client.Platform, reason string, request *intakev1.OpenConversationRequest) (*handoverv1.Recorded, error) {
	t.Helper()
	ctx := logtest.Context(t)
	for {
		answer, err := line.Intake.OpenConversation(ctx, request)
		if client.Reason(err) == reason {
			return answer.GetRecorded(), err
		}
		if ctx.Err() != nil {
			t.Fatalf("answered %v, want %q", err, reason)
		}
		if reason == "STORAGE_UNAVAILABLE" && err == nil {
			request = opening()
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// TestWithoutSpaceCommandsAreRefused with a reason and a delay, the health says so, an answer
// that is in the log is still given, and with space everything continues by itself.
func TestWithoutSpaceCommandsAreRefused(t *testing.T) {
	w := apitest.NewWorld(t)
	w.Stop()
	var full atomic.Pointer[error]
	w.Measure = func(string) (uint64, error) {
		if why := full.Load(); why != nil {
			return 1 << 20, *why
		}
		return 1 << 40, nil
	}
	w.Start()
	line := apitest.Connect(t, w.Platform, w.Data, identity.Line, "sender")
	conversation := w.Desk("sender").OpenConversation()
	before := opening()
	first := apitest.Must[*intakev1.OpenConversationResponse](t)(line.Intake.OpenConversation(w.Ctx, before))
	for _, why := range []error{nil, unix.EROFS, unix.EIO} {
		full.Store(&why)
		_, err := until(t, line, "STORAGE_UNAVAILABLE", opening())
		if retry, ok := status.Convert(err).Details()[1].(*errdetails.RetryInfo); !ok || retry.RetryDelay.AsDuration() <= 0 {
			t.Errorf("%v: refused with %v", why, status.Convert(err).Details())
		}
		again, err := line.Intake.OpenConversation(w.Ctx, before)
		if err != nil || again.Recorded.Position != first.Recorded.Position {
			t.Errorf("%v: a repeated request is answered %v, %v", why, again, err)
		}
		wantHealth(w, healthv1.HealthCheckResponse_NOT_SERVING)
		_, err = line.Routing.CallEmergency(w.Ctx, apitest.EmergencyCall(conversation))
		if client.Reason(err) != "STORAGE_UNAVAILABLE" || !strings.Contains(err.Error(), "call now, record later") {
			t.Errorf("%v: calling help is answered %v", why, err)
		}
		full.Store(nil)
		until(t, line, "", opening())
		wantHealth(w, healthv1.HealthCheckResponse_SERVING)
	}
}

// wantHealth watches intake's health until it is as wanted.
func wantHealth(w *apitest.World, want healthv1.HealthCheckResponse_ServingStatus) {
	w.T.Helper()
	files := platform.Credentials(platform.IdentityFolder(w.Data), "line", "sender")
	connection := apitest.Must[*grpc.ClientConn](w.T)(client.Dial(w.Addresses().Intake, files, "intake"))
	defer connection.Close()
	watch, err := healthv1.NewHealthClient(connection).Watch(w.Ctx, &healthv1.HealthCheckRequest{Service: "stafett.intake.v1.IntakeService"})
	for err == nil {
		var now *healthv1.HealthCheckResponse
		if now, err = watch.Recv(); now.GetStatus() == want {
			return
		}
	}
	w.T.Errorf("the health does not become %v: %v", want, err)
}

// TestAFullDisk is a real one.
func TestAFullDisk(t *testing.T) {
	ctx, data := logtest.Context(t), t.TempDir()
	if err := unix.Mount("tmpfs", data, "tmpfs", 0, "size=64m"); err != nil {
		t.Skipf("this machine does not let tests mount a file system: %v", err)
	}
	t.Cleanup(func() { unix.Unmount(data, unix.MNT_DETACH) })
	p := apitest.Must[*platform.Platform](t)(platform.Up(ctx, platform.Config{Data: data, Lines: apitest.FourLines(), Reserve: 16 << 20}))
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- p.Run(running) }()
	line := apitest.Connect(t, p, data, identity.Line, "sender")
	for name, fill := range map[string]func() error{
		"almost": func() error { return os.WriteFile(filepath.Join(data, "big"), make([]byte, 52<<20), 0o600) },
		"fully": func() error {
			err := os.WriteFile(filepath.Join(data, "big"), make([]byte, 64<<20), 0o600)
			if errors.Is(err, unix.ENOSPC) {
				return nil
			}
			return errors.Join(err, errors.New("it is not full"))
		},
	} {
		kept := opening()
		before, _ := until(t, line, "", kept)
		if err := fill(); err != nil {
			t.Fatal(name, err)
		}
		began := time.Now()
		until(t, line, "STORAGE_UNAVAILABLE", opening())
		t.Logf("%s: refused after %v", name, time.Since(began))
		if err := os.Remove(filepath.Join(data, "big")); err != nil {
			t.Fatal(name, err)
		}
		began = time.Now()
		until(t, line, "", opening())
		t.Logf("%s: went on after %v", name, time.Since(began))
		again, err := line.Intake.OpenConversation(ctx, kept)
		if err != nil || again.Recorded.Position != before.Position {
			t.Errorf("%s: a repeated request is answered %v, %v", name, again, err)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
}
