// Package desk is the console of one helpline: it serves pages to the line's staff and to the young
// person, holds the line's keys, and speaks to the platform through its public API alone.
//
// If a desk stops, custody stays with the line; what it had acknowledged is in its store, and its
// pages say that they are not connected until it is back.
package desk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"filippo.io/age"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/sealing"
	"github.com/stafett/stafett/services/desk/internal/line"
	"github.com/stafett/stafett/services/desk/internal/live"
	"github.com/stafett/stafett/services/desk/internal/signin"
	"github.com/stafett/stafett/services/desk/internal/store"
	"github.com/stafett/stafett/services/desk/internal/web"
)

// Config says which line a desk is for.
type Config struct {
	// Line is its id, such as alarmtelefonen.
	Line string
	// Data is the folder for what the desk keeps.
	Data string
	// Addresses are the platform's, Credentials the line's.
	Addresses   client.Addresses
	Credentials client.Credentials
	// Listen is the loopback address to serve on, host:port; port 0: any that is free.
	Listen string
	// Now is the machine's clock.
	Now func() time.Time `json:"-"`
	// Logger receives identifiers and codes.
	Logger *slog.Logger `json:"-"`
}

// Desk is one that is open. Run serves it.
type Desk struct {
	platform *client.Platform
	store    *store.Store
	line     *line.Line
	listener net.Listener
	server   *http.Server
	serving  sync.RWMutex // read by each handler, and locked for good once the desk stops
}

// Open opens what the desk kept, and its address. It does not need the platform to answer.
func Open(c Config) (d *Desk, err error) {
	if err := signin.OnLoopback(c.Listen); err != nil {
		return nil, fmt.Errorf("desk of %s: %w", c.Line, err)
	}
	d = &Desk{}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("desk of %s: %w", c.Line, err), d.Close())
		}
	}()
	if d.platform, err = client.Connect(c.Addresses, c.Credentials); err != nil {
		return nil, err
	}
	keys, err := sealing.Load(d.platform, c.Credentials, c.Now)
	if err != nil {
		return nil, err
	}
	if d.store, err = openStore(c); err != nil {
		return nil, err
	}
	d.line, err = line.New(line.Config{ID: c.Line, Platform: d.platform, Keys: keys, Store: d.store, Hub: live.New(c.Now()), Now: c.Now, Log: c.Logger})
	if err != nil {
		return nil, err
	}
	if d.listener, err = net.Listen("tcp", c.Listen); err != nil {
		return nil, err
	}
	sign := signin.New(c.Line, signin.MadeUp(c.Line), d.store, c.Now)
	d.server = &http.Server{Handler: d.counted(web.Handler(d.line, sign, d.listener.Addr().String(), c.Now)), ReadHeaderTimeout: 10 * time.Second}
	return d, nil
}

// counted lets Run wait for handlers.
func (d *Desk) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d.serving.TryRLock() {
			defer d.serving.RUnlock()
			next.ServeHTTP(w, r)
		}
	})
}

// openStore opens the store with the line's storage key, which sealing.Load keeps beside the certificate.
func openStore(c Config) (*store.Store, error) {
	text, err := os.ReadFile(strings.TrimSuffix(c.Credentials.Cert, ".pem") + ".storage")
	if err != nil {
		return nil, err
	}
	storage, err := age.ParseHybridIdentity(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, err
	}
	return store.Open(filepath.Join(c.Data, c.Line+".db"), storage)
}

// URL is where the staff's page is; the young person's is at /chat below it.
func (d *Desk) URL() string { return "http://" + d.listener.Addr().String() }

// Run serves until the context ends.
func (d *Desk) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	d.server.BaseContext = func(net.Listener) context.Context { return ctx }
	d.line.Begin(ctx)
	stopped := context.AfterFunc(ctx, func() { d.server.Close() })
	defer stopped()
	err := d.server.Serve(d.listener)
	cancel()
	d.serving.Lock() // what a handler was asked to keep is kept before the store closes
	d.line.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, d.Close())
}

// Close releases what Open opened. Run calls it.
func (d *Desk) Close() (err error) {
	if d.listener != nil {
		d.listener.Close()
	}
	if d.store != nil {
		err = d.store.Close()
	}
	if d.platform != nil {
		err = errors.Join(err, d.platform.Close())
	}
	return err
}
