package platform

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// startsWithin is how long the embedded server may take to recover its store.
const startsWithin = time.Minute

// startNATS starts a nats-server inside this process. It is reachable from here
// only, and it syncs every message to disk before it acknowledges it.
func startNATS(data string) (*server.Server, *nats.Conn, error) {
	embedded, err := server.NewServer(&server.Options{
		ServerName: "stafett", DontListen: true, NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: filepath.Join(data, "log"), SyncAlways: true,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("embedded NATS: %w", err)
	}
	go embedded.Start()
	if !embedded.ReadyForConnections(startsWithin) {
		embedded.Shutdown()
		return nil, nil, errors.New("embedded NATS did not start; is another process using the data folder?")
	}
	nc, err := nats.Connect("", nats.InProcessServer(embedded), nats.Name("stafett"), nats.MaxReconnects(-1))
	if err != nil {
		embedded.Shutdown()
		return nil, nil, fmt.Errorf("embedded NATS: %w", err)
	}
	return embedded, nc, nil
}
