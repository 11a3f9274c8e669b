package limits

import (
	"container/list"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stafett/stafett/services/internal/identity"
)

// Limits holds the accounts of a service's callers and the connections that have not said who
// they are.
type Limits struct {
	scale float64

	mu       sync.Mutex
	accounts map[string]*account // by the caller's URI
	nameless *list.List          // of *Connection, oldest first
}

// New makes limits that are so many times as large as documented; 0 means 1.
func New(scale float64) *Limits {
	if scale <= 0 {
		scale = 1
	}
	return &Limits{scale: scale, accounts: map[string]*account{}, nameless: list.New()}
}

// Connection is one connection of a caller.
type Connection struct {
	Peer identity.Peer // zero until Identify

	limits  *Limits
	raw     net.Conn
	account *account
	calls   atomic.Int32 // running
	watches int          // of account.mu

	place   *list.Element // among the nameless ones, of Limits.mu
	expires *time.Timer
}

// Arrive counts a new connection. If too many have not said who they are, the oldest of them is
// closed.
func (l *Limits) Arrive(raw net.Conn) *Connection {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := &Connection{limits: l, raw: raw}
	c.place = l.nameless.PushBack(c)
	if l.nameless.Len() > Nameless {
		oldest := l.nameless.Remove(l.nameless.Front()).(*Connection)
		oldest.place = nil
		oldest.raw.Close()
	}
	return c
}

// Identify says whose connection it is.
func (c *Connection) Identify(peer identity.Peer) {
	c.Peer = peer
	c.named()
	c.account = c.limits.account(peer)
	c.account.add(c)
}

// Anonymous says that the connection has no certificate. It is closed soon.
func (c *Connection) Anonymous() {
	c.expires = time.AfterFunc(NamelessFor, func() { c.raw.Close() })
}

// Left says that the connection is closed.
func (c *Connection) Left() {
	c.named()
	if c.expires != nil {
		c.expires.Stop()
	}
	if c.account != nil {
		c.account.remove(c)
	}
}

func (c *Connection) named() {
	c.limits.mu.Lock()
	defer c.limits.mu.Unlock()
	if c.place != nil {
		c.limits.nameless.Remove(c.place)
		c.place = nil
	}
}

func (l *Limits) account(peer identity.Peer) *account {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.accounts[peer.URI]
	if a == nil {
		a = newAccount(Allowances[peer.Kind], l.scale)
		l.accounts[peer.URI] = a
	}
	return a
}

// Begin and End count the calls that run on the connection.
func (c *Connection) Begin() { c.calls.Add(1) }

func (c *Connection) End() { c.calls.Add(-1) }

func (a *account) add(c *Connection) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.connections) >= ConnectionsPerCaller {
		i := max(0, slices.IndexFunc(a.connections, func(c *Connection) bool { return c.calls.Load() == 0 }))
		a.connections[i].raw.Close()
		a.connections = slices.Delete(a.connections, i, i+1)
	}
	a.connections = append(a.connections, c)
}

func (a *account) remove(c *Connection) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.connections = slices.DeleteFunc(a.connections, func(other *Connection) bool { return other == c })
}
