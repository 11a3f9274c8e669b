package platform

import (
	"context"
	"errors"
	"net"

	"github.com/nats-io/nats.go"

	"github.com/stafett/stafett/services/internal/eventlog"
)

// Connection is how every service connects to a nats-server.
var Connection = connection

// On is Up on a log that lies elsewhere, with some of the services only: a
// replica, or a platform whose nats-server goes away under it.
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

// Fired returns once the wheel has tried all that is due, whether it could be
// done or not.
func (p *Platform) Fired(ctx context.Context) error { return p.routing().Wheel().Idle(ctx) }

// Log is the log as the routing service has it, which signs what it appends.
func (p *Platform) Log() *eventlog.Log {
	for _, part := range p.parts {
		if part.name == "routing" {
			return part.log
		}
	}
	return nil
}
