// Package audit replays the history to auditors. It reads everything that is not
// content and writes nothing into the history that it guards.
//
// While it is down nothing else is affected.
package audit

import (
	"context"

	"go.etcd.io/bbolt"
	"google.golang.org/grpc"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/host"
	"github.com/stafett/stafett/services/internal/readmodel"
)

var (
	// appendsBucket has every append's payload, by position.
	appendsBucket = []byte("appends")
	// placesBucket has the positions of each subject's appends, by subject and
	// position.
	placesBucket = []byte("places")
)

// Service is the audit service.
type Service struct {
	auditv1.UnsafeAuditServiceServer
	host  host.Host
	model *readmodel.Model
}

// Open opens the service's files and brings its read model up to date.
func Open(ctx context.Context, h host.Host) (host.Service, error) {
	model, err := h.OpenModel(ctx, readmodel.Definition{
		Version: "audit/1", Buckets: []string{string(appendsBucket), string(placesBucket)}, Fold: fold,
	})
	if err != nil {
		return nil, err
	}
	return &Service{host: h, model: model}, nil
}

func fold(tx *bbolt.Tx, entry eventlog.Entry) error {
	if err := tx.Bucket(placesBucket).Put(readmodel.Key(entry.Append.Subject, entry.Position), nil); err != nil {
		return err
	}
	return tx.Bucket(appendsBucket).Put(readmodel.PositionKey(entry.Position), entry.Payload)
}

// Register puts the service's RPCs on a server.
func (s *Service) Register(r grpc.ServiceRegistrar) { auditv1.RegisterAuditServiceServer(r, s) }

// Run follows the log.
func (s *Service) Run(ctx context.Context) error { return s.model.Run(ctx) }

// Model is the service's read model.
func (s *Service) Model() *readmodel.Model { return s.model }

// Close releases the service's files.
func (s *Service) Close() error { return s.model.Close() }
