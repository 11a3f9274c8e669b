package race_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/conversations"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/projection"
)

// decider is the part of a service that decides, and nothing else: a log over its own
// connection, a projection and a repository.
type decider struct {
	*conversations.Repository
	log   *eventlog.Log
	model *projection.Model
	again atomic.Int64 // how often a call had to be repeated
}

// newDecider starts a service's decider on a node of a cluster. It opens the keys as another
// process would, so it verifies the others' signatures itself.
func newDecider(t *testing.T, node *server.Server, keys *logtest.Keys, service string, clock clockwork.Clock, failed func()) *decider {
	t.Helper()
	log := openOn(t, logtest.Connect(t, node), keys.Again(t), service)
	pending := conversations.NewPending()
	model, err := projection.Open(logtest.Context(t), filepath.Join(t.TempDir(), "model.db"), log, projection.Definition{
		Version: "test", Receipts: true, Buckets: conversations.Buckets,
		Apply: func(tx *projection.Tx, entry eventlog.Entry) error {
			_, err := conversations.Apply(tx, entry)
			return err
		},
		Committed: pending.Forget,
	})
	if err != nil {
		t.Fatal(err)
	}
	d := &decider{log: log, model: model, Repository: conversations.NewRepository(conversations.Parts{
		Log: log, Clock: clock, Limits: handover.DefaultRules(), Model: model, Pending: pending,
	})}
	d.run(t, failed)
	return d
}

// openOn opens the log of a cluster. It retries, because a cluster may not answer at all
// during an election.
func openOn(t *testing.T, nc *nats.Conn, keys *logtest.Keys, service string) *eventlog.Log {
	t.Helper()
	for ctx := logtest.Context(t); ; {
		soon, cancel := context.WithTimeout(ctx, 2*time.Second)
		log, err := eventlog.Open(soon, nc, 3, keys.Ring, keys.Of(t, service))
		cancel()
		if err == nil {
			return log
		}
		if !errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
			t.Fatal(err)
		}
		t.Logf("the log is opened again: %v", err)
	}
}

// run follows the log until the test ends. If it cannot go on, it reports that at once;
// otherwise its callers would wait forever.
func (d *decider) run(t *testing.T, failed func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := d.model.Run(ctx); err != nil {
			t.Errorf("a projection ended with %v", err)
			failed()
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		if err := d.model.Close(); err != nil {
			t.Error(err)
		}
	})
}

// asking is a call of a line under a new request id.
func asking(conversation, line string) aggregate.Call {
	id := uuid.New()
	hash := sha256.Sum256(fmt.Append(nil, conversation, line, id))
	return aggregate.Call{
		Target: conversation, Caller: "spiffe://test/line/" + line, Command: "Test",
		RequestID: id[:], RequestHash: hash[:16],
	}
}

// insist makes a call and repeats it with the same request id while it is told to, as a line
// does. It counts the repetitions.
func (d *decider) insist(ctx context.Context, call aggregate.Call, command decide.Command) (*handoverv1.Recorded, error) {
	for {
		recorded, err := d.Do(ctx, call, command)
		contended := reasonOf(err) == handoverv1.RefusalReason_REFUSAL_REASON_CONTENDED
		if !contended && !errors.Is(err, eventlog.ErrUnknown) || ctx.Err() != nil {
			return recorded, err
		}
		d.again.Add(1)
	}
}

func reasonOf(err error) handoverv1.RefusalReason {
	return refusal.ReasonOf(err)
}
