// Package host is what a service is given to live on, and what the platform
// asks of each service.
package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/jonboulle/clockwork"
	"google.golang.org/grpc"

	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/readmodel"
)

// Host is what a service lives on.
type Host struct {
	// Log is the truth.
	Log *eventlog.Log
	// Access is the record of who read the history. Nil for all but audit.
	Access *eventlog.Log
	// Clock tells the time, and nothing else does.
	Clock clockwork.Clock
	// Rules of the protocol.
	Rules handover.Rules
	// Topics that conversations can be about.
	Topics *taxonomy.Taxonomy
	// Ranking is by what lines are ranked.
	Ranking *rules.Rules
	// Data is the service's own folder.
	Data string
	// Identity is the service's SPIFFE URI.
	Identity string
	// Secret derives a key that only this service and its replicas have.
	Secret func(purpose string) []byte
	// Logger takes identifiers and codes, never content.
	Logger *slog.Logger
}

// Service is one of the platform's services.
type Service interface {
	// Register puts the service's RPCs on a server.
	Register(grpc.ServiceRegistrar)
	// Run follows the log until the context ends; any other end is an error.
	Run(context.Context) error
	// Model is the service's read model.
	Model() *readmodel.Model
	// Close releases its files.
	Close() error
}

// OpenModel opens the service's read model in its folder.
func (h Host) OpenModel(ctx context.Context, d readmodel.Definition) (*readmodel.Model, error) {
	return readmodel.Open(ctx, filepath.Join(h.Data, "model.db"), h.Log, d)
}

// patience is how long a read waits for a position that the log has.
const patience = 3 * time.Second

// CatchUp waits until a read model includes everything that the log has now, so
// that a watch shows what was acknowledged before it began. It refuses a watch
// from a position that the log does not have yet, which would miss what comes.
func (h Host) CatchUp(ctx context.Context, m *readmodel.Model, position uint64) error {
	last, err := h.Log.Last(ctx)
	if err != nil {
		return err
	}
	return wait(ctx, m, max(last, position), last)
}

// Await waits until a read model includes a position, and refuses one that the
// log does not have yet.
func (h Host) Await(ctx context.Context, m *readmodel.Model, position uint64) error {
	if m.Position() >= position {
		return nil
	}
	last, err := h.Log.Last(ctx)
	if err != nil {
		return err
	}
	return wait(ctx, m, position, last)
}

// wait waits for a position of a log that ends at last.
func wait(ctx context.Context, m *readmodel.Model, position, last uint64) error {
	if position > last {
		return &handover.Refusal{
			Reason:   handoverv1.RefusalReason_REFUSAL_REASON_POSITION_IN_FUTURE,
			Message:  fmt.Sprintf("position %d lies after the end of the log, which is at %d", position, last),
			Metadata: map[string]string{"position": fmt.Sprint(position), "last": fmt.Sprint(last)},
		}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := m.Wait(ctx, position); errors.Is(err, context.DeadlineExceeded) {
		return &handover.Refusal{
			Reason:  handoverv1.RefusalReason_REFUSAL_REASON_NOT_READY,
			Message: fmt.Sprintf("the service has not come to position %d yet; ask again", position),
		}
	}
	return ctx.Err()
}
