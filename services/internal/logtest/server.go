package logtest

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
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

// Listening starts a server on a local port, with its data in a folder. Port -1 is any free
// one.
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

// Stop stops a server and waits until it has stopped.
func Stop(s *server.Server) {
	s.Shutdown()
	s.WaitForShutdown()
}

// Cluster starts three servers that elect a leader among themselves. Each must
// know all routes from the start.
func Cluster(t testing.TB) []*server.Server {
	t.Helper()
	var ports []int
	var routes []string
	for range 3 {
		ports = append(ports, freePort(t))
		routes = append(routes, fmt.Sprintf("nats://127.0.0.1:%d", ports[len(ports)-1]))
	}
	nodes := make([]*server.Server, len(ports))
	var starting sync.WaitGroup
	for i, port := range ports {
		options := &server.Options{
			ServerName: fmt.Sprintf("node%d", i+1), StoreDir: t.TempDir(),
			Host: "127.0.0.1", Port: -1, // without a port, the routes do not open
			Cluster: server.ClusterOpts{Name: "test", Host: "127.0.0.1", Port: port},
			Routes:  server.RoutesFromStr(strings.Join(routes, ",")),
		}
		starting.Go(func() { nodes[i] = start(t, options) })
	}
	starting.Wait()
	awaitCluster(t, nodes[0])
	return nodes
}

// freePort is a port that was free a moment ago.
func freePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// awaitCluster returns once the cluster can place a stream on all three nodes. Until it has a
// leader, it does not answer at all.
func awaitCluster(t testing.TB, node *server.Server) {
	t.Helper()
	js, ctx := JetStream(t, Connect(t, node)), Context(t)
	probe := jetstream.StreamConfig{Name: "PROBE", Subjects: []string{"probe"}, Replicas: 3, Storage: jetstream.MemoryStorage}
	for {
		soon, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
		_, err := js.CreateStream(soon, probe)
		if err != nil {
			<-soon.Done()
		}
		cancel()
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			t.Fatalf("the cluster did not come up: %v", err)
		}
	}
	if err := js.DeleteStream(ctx, probe.Name); err != nil {
		t.Fatal(err)
	}
}

// JetStream is the server's own interface, bypassing the log.
func JetStream(t testing.TB, nc *nats.Conn) jetstream.JetStream {
	t.Helper()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return js
}
