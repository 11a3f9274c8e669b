package audit

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/jonboulle/clockwork"
	"github.com/nats-io/nats-server/v2/server"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/services/internal/dependencies"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
)

// TestAHistoryWithAHoleIsRefused: a commit signed by its owner and in its place, but not
// following its predecessor.
func TestAHistoryWithAHoleIsRefused(t *testing.T) {
	for name, hole := range map[string]struct {
		number   uint32
		previous []byte
		refused  bool
	}{
		"nothing is wrong":     {2, nil, false},
		"a number is left out": {3, nil, true},
		"a number comes twice": {1, nil, true},
		"another hash":         {2, make([]byte, 32), true},
	} {
		t.Run(name, func(t *testing.T) {
			log := logtest.New(t, "intake")
			opening := logtest.Joined("c")
			opening.Number = 1
			first := logtest.MustAppend(t, log, opening, 0)
			second := logtest.Joined("c")
			second.Number, second.PreviousHash = hole.number, first.Hash[:]
			if hole.previous != nil {
				second.PreviousHash = hole.previous
			}
			logtest.MustAppend(t, log, second, first.Position)
			service, err := Open(logtest.Context(t), dependencies.Set{
				Log: log, Access: recordOn(t, logtest.Server(t)), Clock: clockwork.NewRealClock(), Rules: handover.DefaultRules(),
				Data: t.TempDir(), Logger: slog.New(slog.DiscardHandler),
			}, Tiles{}, nil)
			if err == nil {
				service.Close()
			}
			if refused := err != nil && strings.Contains(err.Error(), "a gap"); refused != hole.refused {
				t.Errorf("opened with %v, want a refusal because of a gap: %t", err, hole.refused)
			}
		})
	}
}

// recordOn opens the access log on a server.
func recordOn(t *testing.T, s *server.Server) func(context.Context) (*eventlog.Log, error) {
	t.Helper()
	keys, nc := logtest.NewKeys(t), logtest.Connect(t, s)
	return func(ctx context.Context) (*eventlog.Log, error) {
		return eventlog.OpenAccess(ctx, nc, 1, keys.Ring, keys.Of(t, "audit"))
	}
}
