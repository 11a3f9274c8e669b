package client

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

func TestAHangingServerIsNoticed(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 13 seconds")
	}
	t.Parallel()
	a := newAuthority(t)
	relay := &relay{listener: listen(t, "127.0.0.1:0"), server: serve(t, a, a.issue(intake))}
	go relay.run(t)
	stream, err := healthv1.NewHealthClient(dial(t, relay.listener.Addr().String(), a.issue(bris), "intake")).
		Watch(t.Context(), &healthv1.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	relay.hang(t)
	since := time.Now()
	if _, err := stream.Recv(); status.Code(err) != codes.Unavailable || time.Since(since) > 15*time.Second {
		t.Errorf("after %v the stream says %v, want UNAVAILABLE within 13 s", time.Since(since), err)
	}
}

// relay sits between client and server. When it hangs, it accepts bytes and passes none
// on, as a stopped process does.
type relay struct {
	listener net.Listener
	server   string
	mu       sync.Mutex // held while it hangs
}

func (r *relay) hang(t *testing.T) {
	r.mu.Lock()
	t.Cleanup(r.mu.Unlock)
}

func (r *relay) run(t *testing.T) {
	near, err := r.listener.Accept()
	if err != nil {
		t.Error(err)
		return
	}
	far, err := net.Dial("tcp", r.server)
	if err != nil {
		t.Error(err)
		return
	}
	t.Cleanup(func() { near.Close(); far.Close(); r.listener.Close() })
	go io.Copy(far, pausing{near, r})
	io.Copy(near, pausing{far, r})
}

type pausing struct {
	net.Conn
	relay *relay
}

func (p pausing) Read(into []byte) (int, error) {
	n, err := p.Conn.Read(into)
	p.relay.mu.Lock()
	defer p.relay.mu.Unlock()
	return n, err
}
