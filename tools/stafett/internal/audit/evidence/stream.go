package evidence

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/nats-io/nats.go"

	"github.com/stafett/stafett/pkg/verify"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/services/rawlog"
)

// Stream reads entries from the log's own stream, as anybody with access to it can, and
// takes the checkpoint from elsewhere. It has no tiles.
type Stream struct {
	stream     *rawlog.Stream
	checkpoint []byte
}

// Names of the logs' streams.
const (
	historyStream  = "STAFETT"
	accessesStream = "STAFETT_ACCESS"
)

// NewStream reads the stream through a connection, under a prefix if the account has one for
// JetStream's requests.
func NewStream(nc *nats.Conn, prefix string, log auditv1.Log, checkpoint []byte) Stream {
	name := historyStream
	if log == auditv1.Log_LOG_ACCESSES {
		name = accessesStream
	}
	stream := rawlog.New(nc, name)
	if prefix != "" {
		stream = rawlog.NewImported(nc, prefix, name)
	}
	return Stream{stream: stream, checkpoint: checkpoint}
}

// Read builds a file from the stream. A bundle ends where the stream does.
func (s Stream) Read(ctx context.Context, path string) (bundle []byte, err error) {
	if path == verify.CheckpointPath {
		return s.checkpoint, nil
	}
	t, err := verify.ParseTilePath(path)
	if err != nil || t.L != verify.Bundles {
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	}
	bundle, err = s.stream.Bundle(ctx, t)
	if errors.Is(err, rawlog.ErrNotFound) {
		return bundle, nil
	}
	return bundle, err
}
