package measure

import (
	"errors"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// StartServer starts a nats-server on a folder, reachable from this process only. Synced, it keeps
// messages as a platform's does; otherwise it is faster to fill.
func StartServer(folder string, synced bool) (*server.Server, error) {
	embedded, err := server.NewServer(&server.Options{
		ServerName: "stafett", DontListen: true, NoSigs: true, NoLog: true, JetStream: true, StoreDir: folder, SyncAlways: synced,
	})
	if err != nil {
		return nil, err
	}
	go embedded.Start()
	if !embedded.ReadyForConnections(time.Minute) {
		return nil, errors.New("nats-server did not start")
	}
	return embedded, nil
}
