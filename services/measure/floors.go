package measure

import (
	"context"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/stafett/stafett/services/internal/eventlog"
)

// Floors measures what a start cannot be faster than: a nats-server alone on a platform's log,
// until it is ready, and a plain consumer that reads all of it.
func Floors(ctx context.Context, folder string, read bool) (ready, reading time.Duration, err error) {
	began := time.Now()
	embedded, err := StartServer(folder, true)
	if err != nil {
		return 0, 0, err
	}
	defer func() { embedded.Shutdown(); embedded.WaitForShutdown() }()
	if ready = time.Since(began); !read {
		return ready, 0, nil
	}
	nc, err := nats.Connect("", nats.InProcessServer(embedded))
	if err != nil {
		return 0, 0, err
	}
	defer nc.Close()
	reading, err = readAll(ctx, nc)
	return ready, reading, err
}

func readAll(ctx context.Context, nc *nats.Conn) (time.Duration, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return 0, err
	}
	stream, err := js.Stream(ctx, eventlog.Name)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	err = Plain(ctx, js, eventlog.Name, int64(stream.CachedInfo().State.LastSeq))
	return time.Since(began), err
}
