package replay_test

import (
	"context"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/directory/linefile"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/internal/replay"
)

// many are more conversations than audit tells in one answer.
const many = 300

// up starts a platform on a folder and a port; stop returns once it is down.
func up(t *testing.T, data string, port int) (stop func()) {
	t.Helper()
	p, err := platform.Up(t.Context(), platform.Config{Data: data, Port: port, Lines: linefile.Example(), LimitScale: 1e6})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// freePorts finds four ports in a row and returns the first.
func freePorts(t *testing.T) int {
	t.Helper()
	for range 100 {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		first := listener.Addr().(*net.TCPAddr).Port
		listener.Close()
		if first+3 < 1<<16 {
			return first
		}
	}
	t.Fatal("there are no free ports")
	return 0
}

func connect(t *testing.T, data string, port int, kind, name string) *client.Platform {
	t.Helper()
	at := func(i int) string { return net.JoinHostPort("127.0.0.1", fmt.Sprint(port+i)) }
	p, err := client.Connect(client.Addresses{Intake: at(0), Triage: at(1), Routing: at(2), Audit: at(3)},
		platform.Credentials(platform.IdentityFolder(data), kind, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// TestAReplayGoesOnWhereItWas: the platform is stopped and started again while
// its history is read, and each commit is told once, in order.
func TestAReplayGoesOnWhereItWas(t *testing.T) {
	data, port := t.TempDir(), freePorts(t)
	stop := up(t, data, port)
	line := connect(t, data, port, "line", "alarmtelefonen")
	for range many {
		if _, err := line.Intake.OpenConversation(t.Context(), &intakev1.OpenConversationRequest{
			RequestId: uuid.NewString(), Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb", Child: "child",
		}); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	told, restarted := uint64(0), false
	position, err := replay.Each(ctx, connect(t, data, port, "auditor", "auditor").Audit,
		&auditv1.ReplayCommitsRequest{Purpose: replay.Exercise()}, func(stored *auditv1.StoredCommit) error {
			if told++; stored.Position != told {
				t.Errorf("position %d was told where %d was due", stored.Position, told)
			}
			if !restarted {
				restarted = true
				stop()
				up(t, data, port)
			}
			return nil
		})
	if want := uint64(many + len(linefile.Example())); err != nil || told != want || position != want {
		t.Errorf("%d commits up to position %d were told, and then %v; want %d", told, position, err, want)
	}
}

// TestAReplayEndsWithItsReader: an error of whoever reads is the replay's, at once.
func TestAReplayEndsWithItsReader(t *testing.T) {
	data, port := t.TempDir(), freePorts(t)
	up(t, data, port)
	calls := 0
	position, err := replay.Each(t.Context(), connect(t, data, port, "auditor", "auditor").Audit,
		&auditv1.ReplayCommitsRequest{Purpose: replay.Exercise(), Follow: true}, func(*auditv1.StoredCommit) error {
			if calls++; calls == 3 {
				return context.Canceled
			}
			return nil
		})
	if err == nil || calls != 3 || position != 2 {
		t.Errorf("after %d calls it has come to %d, with %v", calls, position, err)
	}
}
