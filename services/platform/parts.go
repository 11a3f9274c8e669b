package platform

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/services/internal/diskspace"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/history"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/projection"
	"github.com/stafett/stafett/services/routing"
)

// openParts opens the services. audit is first: it compares the end of the log with what was
// signed, and nothing may be appended before that. Then routing: it publishes the lines that the others
// need.
func (p *Platform) openParts(ctx context.Context) (err error) {
	projections := p.projections()
	defer func() { err = errors.Join(err, projections.Close()) }()
	for _, name := range []string{"audit", "routing", "intake", "triage"} {
		if !slices.Contains(p.config.Services, name) {
			continue
		}
		listener, err := net.Listen("tcp", p.address(name))
		if err != nil {
			return fmt.Errorf("%s cannot listen; choose other ports with --port: %w", name, err)
		}
		part := p.part(name, listener)
		part.projections = projections
		first := len(p.parts.all()) == 0
		part.others, part.timed = p.embedded == nil && first, !first
		if name == "audit" {
			if part.tiles, err = net.Listen("tcp", p.address(tiles)); err != nil {
				listener.Close()
				return fmt.Errorf("audit cannot listen for tiles; choose other ports with --port: %w", err)
			}
		}
		opened, err := part.open(ctx)
		if err != nil {
			part.stopListening()
		}
		if ctx.Err() == nil && p.goesOnWithout(name, err) {
			p.audit = listener.Addr().String()
			continue
		}
		if err != nil {
			return err
		}
		p.parts.add(opened)
	}
	return nil
}

// projections are those of the services that this process runs.
func (p *Platform) projections() *projection.Group {
	all := map[string]projection.Definition{}
	for name, definition := range definitions {
		if slices.Contains(p.config.Services, name) {
			all[filepath.Join(p.config.Data, name, projection.File)] = definition()
		}
	}
	return projection.NewGroup(all, p.config.Logger)
}

// goesOnWithout reports whether the others start although a service cannot: only if it is
// audit, the log was not altered, has what other processes know, and was compared with the
// checkpoint that was given. No child has to wait for one of audit's own files.
func (p *Platform) goesOnWithout(name string, err error) bool {
	if err == nil || name != "audit" || errors.Is(err, history.ErrAltered) || errors.Is(err, history.ErrForeign) || errors.Is(err, eventlog.ErrBroken) {
		return false
	}
	p.config.Logger.Error("audit cannot start: nobody can read the history, and nothing is signed, until this is fixed and the platform is restarted; everything else continues", "error", err)
	return true
}

func (p *Platform) part(name string, listener net.Listener) part {
	return part{
		name: name, data: p.config.Data, listener: listener,
		files:   identity.FilesIn(IdentityFolder(p.config.Data), identity.Service, name),
		signing: p.signingFolder(), keyring: p.keyring, nats: p.nats, reader: &p.reader, writer: &p.writer, replicas: 1,
		clock: p.config.Clock, rules: handover.DefaultRules(),
		topics: p.config.Topics, ranking: p.config.Ranking,
		seed:  routing.Seed{Lines: p.config.Lines, Rotas: p.config.Rotas, Once: p.config.Once},
		space: p.space, kept: p.config.Checkpoint, waits: p.embedded == nil && !slices.Contains(p.config.Services, "audit"),
		logger: p.config.Logger.With("service", name), scale: p.config.LimitScale,
	}
}

// watchSpace watches the disks of the data folder and of the log. A log on an external nats-server is
// not on a disk of this process.
func (p *Platform) watchSpace() *diskspace.Watch {
	if p.embedded == nil {
		return diskspace.New(p.config.Reserve, p.config.Measure, p.config.Data)
	}
	return diskspace.New(p.config.Reserve, p.config.Measure, p.config.Data, logFolder(p.config.Data))
}

// tiles takes the port after the services'.
const tiles = "tiles"

func (p *Platform) address(name string) string {
	port := p.config.Port
	for i, service := range append(Services, tiles) {
		if port != 0 && service == name {
			port += i
		}
	}
	return net.JoinHostPort(p.config.Host, strconv.Itoa(port))
}
