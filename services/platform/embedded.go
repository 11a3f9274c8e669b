package platform

import (
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/stafett/stafett/services/internal/staging"
)

const (
	// startsWithin is how long the embedded server may take to recover its store. After a kill it
	// may read every message, which takes minutes where the log is large and the disk slow.
	startsWithin = 3 * time.Minute
	// tellEvery is how often it is told that it takes so long.
	tellEvery = time.Second
)

// connection holds the options of every connection to a nats-server. It reconnects forever,
// and buffers nothing while it is away: a commit that was answered as unknown must not land
// minutes later.
var connection = []nats.Option{
	nats.MaxReconnects(-1), nats.ReconnectWait(100 * time.Millisecond), nats.ReconnectBufSize(-1),
}

// logFolder is where the embedded server keeps the log.
func logFolder(data string) string { return filepath.Join(data, "log") }

// embedded is a nats-server inside this process. It is reachable from this process only, and it
// syncs every message to disk before it acknowledges it.
type embedded struct {
	data   string
	logger *slog.Logger

	mu      sync.Mutex
	server  *server.Server
	stopped bool
}

// startNATS starts a nats-server on a data folder and connects to it. It leaves nothing running
// if it fails.
func startNATS(data string, logger *slog.Logger) (*embedded, *nats.Conn, error) {
	e := &embedded{data: data, logger: logger}
	if err := e.start(); err != nil {
		return nil, nil, err
	}
	nc, err := nats.Connect("", append(connection, nats.Name("stafett"), nats.InProcessServer(e))...)
	if err != nil {
		e.stop()
		return nil, nil, fmt.Errorf("embedded NATS: %w", err)
	}
	return e, nc, nil
}

// start starts the server. The space is watched by diskspace, so JetStream itself has no limit.
func (e *embedded) start() error {
	before := staging.Before(logFolder(e.data))
	started, err := server.NewServer(&server.Options{
		ServerName: "stafett", DontListen: true, NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: logFolder(e.data), SyncAlways: true, JetStreamMaxStore: 1 << 60,
	})
	if err != nil {
		return fmt.Errorf("embedded NATS: %w", err)
	}
	go started.Start()
	if !e.ready(started) {
		go started.Shutdown() // it may never return
		return fmt.Errorf("embedded NATS did not start within %s: the log's files are damaged, or there are very many; "+
			"restore them from a copy, or examine them with a separate nats-server", startsWithin)
	}
	e.server = started
	os.RemoveAll(before)
	staging.Begin(logFolder(e.data))
	return nil
}

// ready waits until the server has recovered its store, and tells those who wait for it.
func (e *embedded) ready(started *server.Server) bool {
	for began := time.Now(); time.Since(began) < startsWithin; {
		if started.ReadyForConnections(tellEvery) {
			return true
		}
		e.logger.Info("nats-server is reading the files of the log", "for", time.Since(began).Round(time.Second), "at_most", startsWithin)
	}
	return false
}

// InProcessConn connects to the server that runs now, so that the client finds its successor.
func (e *embedded) InProcessConn() (net.Conn, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.server.InProcessConn()
}

// restart replaces the server: its store keeps failing once a write has failed, also when the
// disk takes writes again. The client reconnects and, as after every reconnection, makes sure
// first that the log has all that it had.
func (e *embedded) restart() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopped {
		return nil
	}
	e.server.Shutdown()
	e.server.WaitForShutdown()
	return e.start()
}

func (e *embedded) stop() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stopped = true
	e.server.Shutdown()
	e.server.WaitForShutdown()
	staging.End(logFolder(e.data))
}
