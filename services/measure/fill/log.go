package fill

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/measure"
	"github.com/stafett/stafett/services/rawlog"
)

// log is the log's stream on a server that does not sync.
type log struct {
	embedded *server.Server
	nc       *nats.Conn
	stream   jetstream.Stream
	js       jetstream.JetStream
}

func openLog(ctx context.Context, folder string) (*log, error) {
	embedded, err := measure.StartServer(folder, false)
	if err != nil {
		return nil, err
	}
	l := &log{embedded: embedded}
	if l.nc, err = nats.Connect("", nats.InProcessServer(embedded)); err != nil {
		return nil, err
	}
	if l.js, err = jetstream.New(l.nc); err != nil {
		return nil, err
	}
	if l.stream, err = l.js.Stream(ctx, eventlog.Name); err != nil {
		return nil, err
	}
	return l, l.shorten(ctx)
}

func (l *log) close() {
	l.nc.Close()
	l.embedded.Shutdown()
	l.embedded.WaitForShutdown()
}

// shorten keeps nats-server from remembering, and from reading at its next start, the ids of
// all messages of the last two minutes: no platform writes so many in that time.
func (l *log) shorten(ctx context.Context) error {
	config := l.stream.CachedInfo().Config
	config.Duplicates = 100 * time.Millisecond
	_, err := l.js.UpdateStream(ctx, config)
	return err
}

// stored reads all messages.
func (l *log) stored(ctx context.Context) (all []verify.Message, err error) {
	raw := rawlog.New(l.nc, eventlog.Name)
	last, err := raw.Last(ctx)
	if err != nil {
		return nil, err
	}
	err = raw.Read(ctx, 1, last, func(_ int64, m verify.Message) error {
		all = append(all, m)
		return nil
	})
	return all, err
}

// publish appends messages at the positions for which they were made.
func (l *log) publish(ctx context.Context, all []*made) error {
	for i, m := range all {
		if i == len(all)-1 {
			return l.acknowledged(ctx, m)
		}
		if err := l.nc.PublishMsg(m.message); err != nil {
			return err
		}
	}
	return nil
}

// acknowledged appends a message and waits for those before it, too.
func (l *log) acknowledged(ctx context.Context, m *made) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	ack, err := l.js.PublishMsg(ctx, m.message)
	if err == nil && ack.Sequence != m.position {
		return fmt.Errorf("the log ends at %d instead of %d: it refused some of the copies", ack.Sequence, m.position)
	}
	return err
}
