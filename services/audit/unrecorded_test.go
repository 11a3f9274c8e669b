package audit

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/pkg/handover"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/internal/dependencies"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
)

// TestNothingIsToldThatCannotBeRecorded: the history can be read but the access log cannot be
// written, so nothing is served.
func TestNothingIsToldThatCannotBeRecorded(t *testing.T) {
	t.Parallel()
	log := logtest.New(t, "intake")
	opening := logtest.Joined("c")
	opening.Number = 1
	logtest.MustAppend(t, log, opening, 0)
	server := logtest.Server(t)
	opened, err := Open(logtest.Context(t), dependencies.Set{
		Log: log, Access: recordOn(t, server), Clock: clockwork.NewRealClock(), Rules: handover.DefaultRules(),
		Data: t.TempDir(), Logger: slog.New(slog.DiscardHandler),
	}, Tiles{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	ctx, stop := context.WithCancel(logtest.Context(t))
	defer stop()
	go opened.Run(ctx)
	service, purpose := opened, &eventv1.Purpose{Code: eventv1.PurposeCode_PURPOSE_CODE_EXERCISE}
	ask := func(within time.Duration) []error {
		limited := func() context.Context {
			ctx, cancel := context.WithTimeout(logtest.Context(t), within)
			t.Cleanup(cancel)
			return ctx
		}
		_, state := service.GetState(limited(), &auditv1.GetStateRequest{Name: "conversations/c", Purpose: purpose})
		_, replay := service.replay(limited(), &auditv1.ReplayCommitsRequest{Purpose: purpose})
		_, list := service.ListAccesses(limited(), &auditv1.ListAccessesRequest{Purpose: purpose})
		return []error{state, replay, list}
	}
	for _, err := range ask(logtest.Patience) {
		if err != nil {
			t.Errorf("while it can be recorded: %v", err)
		}
	}
	logtest.Stop(server)
	for _, err := range ask(time.Second) {
		if !errors.Is(err, eventlog.ErrUnknown) {
			t.Errorf("while it cannot be recorded: %v, want %v", err, eventlog.ErrUnknown)
		}
	}
}
