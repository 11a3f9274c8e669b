package audit

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/dependencies"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
)

// TestTheRecordIsOpenedAgain: it is unreachable when audit starts. Audit starts all the same,
// and serves nothing until the record can be opened.
func TestTheRecordIsOpenedAgain(t *testing.T) {
	t.Parallel()
	clock, there := clockwork.NewFakeClock(), recordOn(t, logtest.Server(t))
	attempts := 0
	opened, err := Open(logtest.Context(t), dependencies.Set{
		Log: logtest.New(t, "intake"), Clock: clock, Rules: handover.DefaultRules(), Data: t.TempDir(), Logger: slog.New(slog.DiscardHandler),
		Access: func(ctx context.Context) (*eventlog.Log, error) {
			if attempts++; attempts == 1 {
				return nil, errors.New("not at the moment")
			}
			return there(ctx)
		},
	}, Tiles{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	ctx, stop := context.WithCancel(logtest.Context(t))
	defer stop()
	go opened.Run(ctx)
	if err := clock.BlockUntilContext(ctx, 1); err != nil {
		t.Fatal(err)
	}
	ask := func() error {
		_, err := opened.ListAccesses(ctx, &auditv1.ListAccessesRequest{Purpose: &eventv1.Purpose{Code: eventv1.PurposeCode_PURPOSE_CODE_EXERCISE}})
		return err
	}
	var refused *refusal.Error
	if err := ask(); !errors.As(err, &refused) || refused.Reason != handoverv1.RefusalReason_REFUSAL_REASON_NOT_READY {
		t.Errorf("while it cannot be recorded: %v", err)
	}
	clock.Advance(reopen)
	for err = ask(); errors.As(err, &refused) && ctx.Err() == nil; err = ask() {
	}
	if err != nil {
		t.Errorf("once it can be recorded: %v", err)
	}
}
