package platform

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"

	"github.com/stafett/stafett/services/internal/boltfile"
)

// parts are the services of a platform that are open. One may be replaced while others read.
type parts struct {
	mu   sync.Mutex
	open []*running
}

func (p *parts) all() []*running {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.open)
}

func (p *parts) add(r *running) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open = append(p.open, r)
}

func (p *parts) replace(i int, r *running) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open[i] = r
}

// clear returns what was open.
func (p *parts) clear() []*running {
	p.mu.Lock()
	defer p.mu.Unlock()
	open := p.open
	p.open = nil
	return open
}

// keep runs a service, and starts it again when a file of its own was damaged while it ran.
// The others go on meanwhile; the file is rebuilt from the log, or begins again empty.
func (p *Platform) keep(ctx context.Context, i int) error {
	for {
		r := p.parts.all()[i]
		err := r.runBeside(ctx)
		if !errors.Is(err, boltfile.ErrDamaged) || ctx.Err() != nil {
			return err
		}
		p.config.Logger.Error("a file of the service was damaged while it ran; the service starts again", "service", r.name, "error", err)
		again, err := p.reopen(ctx, r)
		if ctx.Err() != nil && err != nil {
			return nil // the platform was told to stop
		}
		if err != nil {
			return err
		}
		p.parts.replace(i, again)
	}
}

// reopen opens a service again, at the same address.
func (p *Platform) reopen(ctx context.Context, r *running) (*running, error) {
	listener, err := net.Listen("tcp", r.listener.Addr().String())
	if err != nil {
		return nil, err
	}
	part := p.part(r.name, listener)
	part.others, part.timed = r.others, true
	again, err := part.open(ctx)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return again, nil
}
