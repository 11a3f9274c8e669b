// Package host is what a service is given to live on, and what the platform
// asks of each service.
package host

import (
	"context"
	"log/slog"
	"path/filepath"

	"github.com/jonboulle/clockwork"
	"google.golang.org/grpc"

	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/taxonomy"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/projection"
)

// Host is what a service lives on.
type Host struct {
	// Log is the truth.
	Log *eventlog.Log
	// Access opens the record of who read the history. Only audit may.
	Access func(context.Context) (*eventlog.Log, error)
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
	Model() *projection.Model
	// Close releases its files.
	Close() error
}

// OpenModel opens the service's read model in its folder.
func (h Host) OpenModel(ctx context.Context, d projection.Definition) (*projection.Model, error) {
	return projection.Open(ctx, filepath.Join(h.Data, "model.db"), h.Log, d)
}
