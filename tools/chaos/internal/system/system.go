// Package system runs a platform as processes that can be killed, stopped and started again:
// all in one, or the services apart beside a nats-server.
package system

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/internal/programs"
)

// System is a platform.
type System struct {
	Addresses client.Addresses
	Identity  string // the folder with certificates
	Stored    string // where the nats-server keeps the log
	Data      string // the data folder
	Said      *Said  // what the processes wrote as errors

	programs programs.Folder
	parts    []part
	running  map[string]*programs.Process
}

// part is a process of the system.
type part struct {
	name, program, ready   string
	environment, arguments []string
}

// within is how long a process may take to start or to stop.
const within = time.Minute

// Together is the whole platform in one process.
func Together(built programs.Folder, folder string) (*System, error) {
	port, err := programs.FreePorts(5)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(folder, "data")
	return &System{
		Addresses: addresses(port), Identity: platform.IdentityFolder(data), Stored: filepath.Join(data, "log"), Data: data,
		Said: &Said{}, programs: built, running: map[string]*programs.Process{},
		parts: []part{{"platform", "stafett", "is up after", nil, []string{"up", "--data", data, "--port", fmt.Sprint(port), "--log-level", "error"}}},
	}, nil
}

func addresses(port int) client.Addresses {
	at := func(offset int) string { return fmt.Sprintf("127.0.0.1:%d", port+offset) }
	return client.Addresses{Intake: at(0), Triage: at(1), Routing: at(2), Audit: at(3)}
}

// Apart is each service in a process of its own, and a nats-server.
func Apart(ctx context.Context, built programs.Folder, folder string) (*System, error) {
	repository, err := programs.Repository()
	if err != nil {
		return nil, err
	}
	port, err := programs.FreePorts(6)
	if err != nil {
		return nil, err
	}
	in := func(name string) string { return filepath.Join(folder, name) }
	split := programs.Split{Folder: in("platform"), Apart: in("apart"), Data: in("data"), Stored: in("log"), Ports: port + 4}
	s := &System{
		Addresses: addresses(port), Identity: platform.IdentityFolder(split.Folder), Stored: split.Stored, Data: split.Data,
		Said: &Said{}, programs: built, running: map[string]*programs.Process{},
		parts: []part{{"nats-server", "nats-server", "", split.NATSEnvironment(), programs.NATSArguments(repository)}},
	}
	for i, service := range []string{"intake", "triage", "routing", "audit"} {
		arguments := append(split.Arguments(service), "--listen", fmt.Sprintf("127.0.0.1:%d", port+i))
		s.parts = append(s.parts, part{service, "stafett", "is up at", nil, arguments})
	}
	_, err = s.Command(ctx, split.CertifyArguments()...)
	return s, err
}

// Names are those of the processes.
func (s *System) Names() (names []string) {
	for _, part := range s.parts {
		names = append(names, part.name)
	}
	return names
}

// Process is a running process.
func (s *System) Process(name string) *programs.Process { return s.running[name] }

// Start starts what does not run, and waits until it is up.
func (s *System) Start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	group, ctx := errgroup.WithContext(ctx)
	for _, part := range s.parts {
		if p := s.running[part.name]; p != nil && !p.Gone() {
			continue
		}
		p, err := s.programs.Start(part.environment, s.Said, part.program, part.arguments...)
		if err != nil {
			return err
		}
		s.running[part.name] = p
		if part.ready != "" {
			group.Go(func() error { _, err := p.Says(ctx, part.ready); return err })
		}
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("%w; it says: %s", err, s.Said.Last())
	}
	return nil
}

// Kill ends all processes with SIGKILL.
func (s *System) Kill() {
	for _, p := range s.running {
		p.Kill()
	}
}

// Stop ends the services with SIGTERM, and the nats-server last.
func (s *System) Stop(ctx context.Context) (failed error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	for _, name := range slices.Backward(s.Names()) {
		failed = errors.Join(failed, s.running[name].Stop(ctx))
	}
	return failed
}

// stopsWithin is how long services may take to notice that they must stop.
const stopsWithin = 30 * time.Second

// Stopped waits until all services have ended by themselves.
func (s *System) Stopped(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stopsWithin)
	defer cancel()
	for _, part := range s.parts {
		if part.program != "stafett" {
			continue
		}
		if _, err := s.running[part.name].Ends(ctx); err != nil {
			return fmt.Errorf("%s did not stop by itself: %w", part.name, err)
		}
	}
	return nil
}
