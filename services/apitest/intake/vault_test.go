package intake_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/seal"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/platform"
)

// TestAVaultThatIsNotTheHistorysIsReported and does not stop the platform: whichever way the
// file was lost, new words pass.
func TestAVaultThatIsNotTheHistorysIsReported(t *testing.T) {
	for name, lose := range map[string]struct {
		damage func(path string) error
		says   string
	}{
		"deleted": {os.Remove, "words=2 grants=1"},
		"cut":     {func(path string) error { return os.Truncate(path, 9000) }, "the vault is damaged"},
		"empty":   {func(path string) error { return os.Truncate(path, 0) }, "words=2 grants=1"},
		"whole":   {func(string) error { return nil }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := apitest.NewWorld(t)
			sender, first := w.Desk("sender"), w.Desk("first")
			from, to := keyed(sender), keyed(first)
			_, handover := sender.Offered("first")
			first.Accept(handover, "1")
			grant := apitest.Must[*sealv1.Grant](t)(from.Grant(to.Sealing(), terms(sender, handover, sealv1.Kind_KIND_BRIDGE, 0), seal.NewContentKey()))
			sender.Recorded(sender.Intake.GrantAccess(w.Ctx, granting(handover, grant)))
			w.Stop()
			if err := lose.damage(filepath.Join(w.Data, "intake", "vault.db")); err != nil {
				t.Fatal(err)
			}
			told := &lines{}
			p, err := platform.Up(w.Ctx, platform.Config{Data: w.Data, Lines: w.Lines, Clock: w.Clock, Logger: slog.New(slog.NewTextHandler(told, nil))})
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(w.Ctx)
			ended := make(chan error, 1)
			go func() { ended <- p.Run(ctx) }()
			for !strings.Contains(told.String(), lose.says) && w.Ctx.Err() == nil {
				time.Sleep(time.Millisecond) // leaves the processors to what it waits for
			}
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			if !strings.Contains(told.String(), lose.says) || lose.says == "" && strings.Contains(told.String(), "vault") {
				t.Errorf("it reports %s, want %q", told, lose.says)
			}
			w.Start()
			w.Desk("sender").Propose(w.Desk("sender").OpenConversation())
		})
	}
}

// lines is a log that is read while it is written.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(text)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
