// Package conversationstest executes commands on conversations in tests, as a service does.
package conversationstest

import (
	"path/filepath"
	"testing"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/projection"
)

// Repository is a repository whose projection stands still, so that it must catch up with what
// others commit.
type Repository struct {
	*conversations.Repository
	t testing.TB
}

// Open opens a repository on a log.
func Open(t testing.TB, log *eventlog.Log, clock clockwork.Clock) Repository {
	t.Helper()
	pending := conversations.NewPending()
	model, err := projection.Open(logtest.Context(t), filepath.Join(t.TempDir(), "model.db"), log, projection.Definition{
		Version: "test", Receipts: true, Buckets: conversations.Buckets, Committed: pending.Forget,
		Apply: func(tx *projection.Tx, entry eventlog.Entry) error {
			_, err := conversations.Apply(tx, entry)
			return err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { model.Close() })
	return Repository{conversations.NewRepository(conversations.Parts{
		Log: log, Clock: clock, Limits: handover.DefaultRules(), Model: model, Pending: pending,
	}), t}
}

// MustDo executes a line's command on a conversation.
func (r Repository) MustDo(conversation, line string, command decide.Command) *handoverv1.Recorded {
	r.t.Helper()
	call := aggregate.Call{Target: conversation, Caller: "spiffe://test/line/" + line, Command: "Test"}
	recorded, err := r.Do(logtest.Context(r.t), call, command)
	if err != nil {
		r.t.Fatal(err)
	}
	return recorded
}
