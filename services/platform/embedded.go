package platform

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// startsWithin is how long the embedded server may take to recover its store.
const startsWithin = 30 * time.Second

// connection holds the options of every connection to a nats-server. It reconnects forever,
// and buffers nothing while it is away: a commit that was answered as unknown must not land
// minutes later.
var connection = []nats.Option{
	nats.MaxReconnects(-1), nats.ReconnectWait(100 * time.Millisecond), nats.ReconnectBufSize(-1),
}

// logFolder is where the embedded server keeps the log.
func logFolder(data string) string { return filepath.Join(data, "log") }

// startNATS starts a nats-server inside this process. It is reachable from this process only,
// and it syncs every message to disk before it acknowledges it.
func startNATS(data string) (*server.Server, *nats.Conn, error) {
	embedded, err := server.NewServer(&server.Options{
		ServerName: "stafett", DontListen: true, NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: logFolder(data), SyncAlways: true,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("embedded NATS: %w", err)
	}
	go embedded.Start()
	if !embedded.ReadyForConnections(startsWithin) {
		go embedded.Shutdown() // it may never return
		return nil, nil, fmt.Errorf("embedded NATS did not start within %s: the log's files are damaged, or there are very many; "+
			"restore them from a copy, or examine them with a separate nats-server", startsWithin)
	}
	nc, err := nats.Connect("", append(connection, nats.Name("stafett"), nats.InProcessServer(embedded))...)
	if err != nil {
		embedded.Shutdown()
		return nil, nil, fmt.Errorf("embedded NATS: %w", err)
	}
	return embedded, nc, nil
}
