package logtest

import (
	"fmt"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Server starts a server that is reachable from this process only.
func Server(t testing.TB) *server.Server {
	t.Helper()
	return start(t, &server.Options{DontListen: true, StoreDir: t.TempDir()})
}

// Listening starts a server on a port of this machine, with its data in a
// folder. Port -1 is any free one.
func Listening(t testing.TB, port int, data string) *server.Server {
	t.Helper()
	return start(t, &server.Options{Host: "127.0.0.1", Port: port, StoreDir: data})
}

func start(t testing.TB, options *server.Options) *server.Server {
	t.Helper()
	options.JetStream, options.SyncAlways = true, true
	options.NoSigs, options.NoLog = true, true
	s, err := server.NewServer(options)
	if err != nil {
		t.Fatal(err)
	}
	go s.Start()
	t.Cleanup(func() { Stop(s) })
	if !s.ReadyForConnections(Patience) {
		t.Fatal("the nats-server did not start")
	}
	return s
}

// Stop stops a server and returns once it has stopped.
func Stop(s *server.Server) {
	s.Shutdown()
	s.WaitForShutdown()
}

// Cluster starts three servers that elect a leader among themselves.
func Cluster(t testing.TB) []*server.Server {
	t.Helper()
	var nodes []*server.Server
	routes := ""
	for i := range 3 {
		nodes = append(nodes, start(t, &server.Options{
			ServerName: fmt.Sprintf("node%d", i+1), DontListen: true, StoreDir: t.TempDir(),
			Cluster: server.ClusterOpts{Name: "test", Host: "127.0.0.1", Port: -1},
			Routes:  server.RoutesFromStr(routes),
		}))
		if i == 0 {
			routes = "nats://" + nodes[0].ClusterAddr().String()
		}
	}
	awaitCluster(t, nodes[0])
	return nodes
}

// awaitCluster returns once the cluster can place a stream on all three nodes.
func awaitCluster(t testing.TB, node *server.Server) {
	t.Helper()
	js, err := jetstream.New(Connect(t, node))
	if err != nil {
		t.Fatal(err)
	}
	ctx := Context(t)
	probe := jetstream.StreamConfig{Name: "PROBE", Subjects: []string{"probe"}, Replicas: 3, Storage: jetstream.MemoryStorage}
	for {
		if _, err = js.CreateStream(ctx, probe); err == nil {
			break
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("the cluster did not come up: %v", err)
		}
	}
	if err := js.DeleteStream(ctx, probe.Name); err != nil {
		t.Fatal(err)
	}
}

// JetStream is the server's own interface, beside the log.
func JetStream(t testing.TB, nc *nats.Conn) jetstream.JetStream {
	t.Helper()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return js
}
