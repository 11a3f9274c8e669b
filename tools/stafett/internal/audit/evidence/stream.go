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

// Stream reads entries from the log's own stream, as anybody can who may read
// it, and the checkpoint from somewhere else. It has no tiles.
type Stream struct {
	stream     *rawlog.Stream
	checkpoint []byte
}

// The names of the logs' streams.
const (
	historyStream  = "STAFETT"
	accessesStream = "STAFETT_ACCESS"
)

// NewStream makes a source of a log's stream and a signed checkpoint.
func NewStream(nc *nats.Conn, log auditv1.Log, checkpoint []byte) Stream {
	name := historyStream
	if log == auditv1.Log_LOG_ACCESSES {
		name = accessesStream
	}
	return Stream{stream: rawlog.New(nc, name), checkpoint: checkpoint}
}

// Read makes a file of what the stream has. A bundle ends where the stream does.
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
