// Package dependencies defines a service's dependencies and life cycle.
package dependencies

import (
	"context"
	"log/slog"
	"net/url"
	"path/filepath"

	"github.com/jonboulle/clockwork"
	"google.golang.org/grpc"

	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/taxonomy"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/projection"
)

// Set is what one service depends on.
type Set struct {
	// Log is the history.
	Log *eventlog.Log
	// Access opens the log of who read the history. Only audit may call it.
	Access func(context.Context) (*eventlog.Log, error)
	// Clock is the only source of time.
	Clock clockwork.Clock
	// Rules of the protocol.
	Rules handover.Rules
	// Topics that conversations can be about.
	Topics *taxonomy.Taxonomy
	// Ranking holds the rules that rank lines.
	Ranking *rules.Rules
	// Data is the service's own folder.
	Data string
	// Projections builds those of all services of a process together. Nil: each is built by itself.
	Projections *projection.Group
	// Identity is the service's SPIFFE URI.
	Identity string
	// Secret derives a key that only this service and its replicas have.
	Secret func(purpose string) []byte
	// Logger receives identifiers and codes, never content.
	Logger *slog.Logger
}

// Service is one of the platform's services.
type Service interface {
	// Register registers the service's RPCs on a server.
	Register(grpc.ServiceRegistrar) error
	// Run follows the log until the context ends; any other end is an error.
	Run(context.Context) error
	// Model is the service's projection.
	Model() *projection.Model
	// Close releases its files.
	Close() error
}

// OpenModel opens the service's projection in its folder.
func (s Set) OpenModel(ctx context.Context, d projection.Definition) (*projection.Model, error) {
	return s.Projections.Open(ctx, filepath.Join(s.Data, projection.File), s.Log, d)
}

// Domain is the platform's trust domain.
func (s Set) Domain() string {
	identity, err := url.Parse(s.Identity)
	if err != nil {
		return ""
	}
	return identity.Host
}
