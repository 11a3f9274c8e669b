package audit

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/stafett/stafett/pkg/client"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/stafett/internal/audit/evidence"
	"github.com/stafett/stafett/tools/stafett/internal/audit/export"
)

// prove adds the proofs of an export, if the platform serves them, and returns the
// checkpoint that they lead to.
func (e *exporting) prove(ctx context.Context, platform *client.Platform, written *export.Export, position uint64) (checkpoint string, err error) {
	late := time.AfterFunc(time.Second, e.waits)
	published, err := checkpointOver(ctx, platform, position)
	late.Stop()
	if err != nil || published.GetTilesUrl() == "" || !written.Provable() {
		return published.GetCheckpoint(), err
	}
	tiles, err := evidence.Platform(ctx, e.Target, e.As, auditv1.Log_LOG_HISTORY)
	if err != nil {
		return "", err
	}
	return published.Checkpoint, written.Prove(ctx, published.Checkpoint, tiles)
}

// publishedWithin is how long an export waits for a checkpoint that covers it: one is
// published every second.
const publishedWithin = 5 * time.Second

// checkpointOver returns the checkpoint that covers a position, or nothing if none is
// published in time.
func checkpointOver(ctx context.Context, platform *client.Platform, position uint64) (published *auditv1.GetCheckpointResponse, err error) {
	ctx, cancel := context.WithTimeout(ctx, publishedWithin)
	defer cancel()
	err = client.Retry(ctx, func(ctx context.Context) (err error) {
		published, err = platform.Audit.GetCheckpoint(ctx, &auditv1.GetCheckpointRequest{MinPosition: position})
		return err
	})
	if ctx.Err() != nil || status.Code(err) == codes.Unavailable {
		return nil, nil
	}
	return published, err
}
