package logtest

import (
	"bytes"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// Proxy sits between a client and a listening server, and can drop traffic. Dropped bytes are
// lost, so the connections must be cut before the two can understand each other again.
type Proxy struct {
	listener net.Listener
	target   string
	deaf     atomic.Bool
	mute     atomic.Bool

	mu    sync.Mutex
	conns []net.Conn
	lost  chan []byte
}

// NewProxy starts a proxy in front of an address.
func NewProxy(t testing.TB, target string) *Proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{listener: listener, target: target, lost: make(chan []byte, 1000)}
	go p.accept()
	t.Cleanup(func() {
		listener.Close()
		p.Cut()
	})
	return p
}

// URL is the address for clients.
func (p *Proxy) URL() string { return "nats://" + p.listener.Addr().String() }

// Deafen drops what the server sends, such as acknowledgements.
func (p *Proxy) Deafen() { p.deaf.Store(true) }

// Mute drops what the client sends, such as commits.
func (p *Proxy) Mute() { p.mute.Store(true) }

// Heal lets everything pass again, on new connections.
func (p *Proxy) Heal() {
	p.deaf.Store(false)
	p.mute.Store(false)
	p.Cut()
}

// AwaitLost returns once something containing a text was dropped.
func (p *Proxy) AwaitLost(t testing.TB, text string) {
	t.Helper()
	ctx := Context(t)
	for {
		select {
		case said := <-p.lost:
			if bytes.Contains(said, []byte(text)) {
				return
			}
		case <-ctx.Done():
			t.Fatalf("nothing with %q in it was lost", text)
		}
	}
}

// Cut ends all connections.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range p.conns {
		conn.Close()
	}
	p.conns = nil
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.target)
		if err != nil {
			client.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, client, server)
		p.mu.Unlock()
		go p.pass(client, server, &p.deaf)
		go p.pass(server, client, &p.mute)
	}
}

// pass copies bytes, or drops them.
func (p *Proxy) pass(to, from net.Conn, lose *atomic.Bool) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if lose.Load() {
			select {
			case p.lost <- bytes.Clone(buffer[:n]):
			default: // enough is queued
			}
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}
