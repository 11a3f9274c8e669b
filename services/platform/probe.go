package platform

import (
	"bytes"
	"context"
	"errors"
	"net"

	"github.com/nats-io/nats.go"
	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/services/internal/eventlog"
)

// Connection holds the options with which every service connects to a nats-server.
var Connection = connection

// On is Up on an external log, with some of the services only: a replica, or a platform that
// loses its nats-server.
func On(ctx context.Context, config Config, nc *nats.Conn, services ...string) (*Platform, error) {
	p := &Platform{config: config.withDefaults(), nats: nc}
	if err := p.openOn(ctx, services); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *Platform) openOn(ctx context.Context, services []string) (err error) {
	if p.lock, err = lock(p.config.Data); err != nil {
		return err
	}
	if err := p.certify(); err != nil {
		return err
	}
	for _, name := range services {
		listener, err := net.Listen("tcp", p.address(name))
		if err != nil {
			return err
		}
		opened, err := p.part(name, listener).open(ctx)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		p.parts = append(p.parts, opened)
	}
	return nil
}

// Last is the end of the log.
func (p *Platform) Last(ctx context.Context) (uint64, error) { return p.parts[0].log.Last(ctx) }

// Fired returns once the timer queue has tried all deadlines that have passed, whether they
// succeeded or not.
func (p *Platform) Fired(ctx context.Context) error { return p.routing().Timers().Idle(ctx) }

// Log is the routing service's log, which signs what it commits.
func (p *Platform) Log() *eventlog.Log {
	for _, part := range p.parts {
		if part.name == "routing" {
			return part.log
		}
	}
	return nil
}

// Held is the value that a service's projection has under a key of a bucket, or nil.
func (p *Platform) Held(service, bucket, key string) (stored []byte) {
	for _, part := range p.parts {
		if part.name == service {
			_ = part.service.Model().View(func(tx *bbolt.Tx) error {
				stored = bytes.Clone(tx.Bucket([]byte(bucket)).Get([]byte(key)))
				return nil
			})
		}
	}
	return stored
}

// OpenAccess connects to the access log.
func (p *Platform) OpenAccess(ctx context.Context) (*eventlog.Log, error) {
	return eventlog.OpenAccess(ctx, p.nats, 1, p.keyring, nil)
}

// OpenHistory opens another connection to the history, for reading.
func (p *Platform) OpenHistory(ctx context.Context) (*eventlog.Log, error) {
	return eventlog.Open(ctx, p.nats, 1, p.keyring, nil)
}
