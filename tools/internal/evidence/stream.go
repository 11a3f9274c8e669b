package evidence

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/nats-io/nats.go"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/stored"
)

// Stream reads entries from the log's own stream, as anybody can who may read
// it, and the checkpoint from somewhere else. It has no tiles.
type Stream struct {
	stream     *stored.Stream
	checkpoint []byte
}

// streamName is what the log's stream is called.
const streamName = "STAFETT"

// NewStream makes a source of a connection and a signed checkpoint.
func NewStream(nc *nats.Conn, checkpoint []byte) Stream {
	return Stream{stream: stored.New(nc, streamName), checkpoint: checkpoint}
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
	first := t.N * verify.TileWidth
	err = s.stream.Read(ctx, first+1, first+int64(t.W), func(_ int64, m verify.Message) (err error) {
		bundle, err = verify.AppendToBundle(bundle, m.Entry())
		return err
	})
	if errors.Is(err, stored.ErrNotFound) {
		return bundle, nil
	}
	return bundle, err
}
