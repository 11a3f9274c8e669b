package play

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/internal/story"
)

// Pace controls the time between the steps on a real clock.
type Pace int

const (
	// Skip plays the steps one right after the other.
	Skip Pace = iota
	// Real waits as long as the story says.
	Real
)

const (
	// patienceNear limits the answer time of a platform in this process.
	patienceNear = time.Minute
	// patienceFar leaves a remote platform time to restart.
	patienceFar = time.Minute
	// slack is the part of a time limit that network and disk may take.
	slack = 2 * time.Second
)

// World is a platform to play stories on. Close it after use.
type World struct {
	addresses client.Addresses
	identity  string
	clock     clock
	// settled waits until the platform has handled all deadlines. If nil, only the history
	// shows that.
	settled  func(context.Context) error
	patience time.Duration
	slack    time.Duration
	skips    bool
	close    func() error
}

// Simulated starts a platform in this process, whose clock is the story's: hours pass at
// once, and deadlines fire at the story's time. It keeps its data in a folder, or in a
// temporary one if none is given.
func Simulated(ctx context.Context, data string, s *story.Story) (*World, error) {
	fake := clockwork.NewFakeClockAt(s.Clock)
	w, p, err := start(ctx, data, s, fake)
	if err != nil {
		return nil, err
	}
	w.clock, w.slack = simulated{fake, w.settled, p.NextDue}, 0
	return w, nil
}

// Embedded starts a platform in this process on the real clock. It keeps its data in a
// folder, or in a temporary one if none is given.
func Embedded(ctx context.Context, data string, s *story.Story, pace Pace) (*World, error) {
	w, _, err := start(ctx, data, s, nil)
	if err != nil {
		return nil, err
	}
	w.pace(pace)
	return w, nil
}

// Remote connects to a platform elsewhere. The identity folder holds the certificates of
// the story's lines and of an auditor, as platform.Certify creates them.
func Remote(at client.Addresses, identity string, pace Pace) *World {
	w := &World{addresses: at, identity: identity, patience: patienceFar, slack: slack, close: func() error { return nil }}
	w.pace(pace)
	return w
}

func start(ctx context.Context, data string, s *story.Story, clock clockwork.Clock) (*World, *platform.Platform, error) {
	remove := func() error { return nil }
	if data == "" {
		folder, err := os.MkdirTemp("", "stafett-story-")
		if err != nil {
			return nil, nil, err
		}
		data, remove = folder, func() error { return os.RemoveAll(folder) }
	}
	p, err := platform.Up(ctx, platform.Config{Data: data, Lines: s.Lines, Rotas: s.Rotas, Clock: clock})
	if err != nil {
		return nil, nil, errors.Join(err, remove())
	}
	w := &World{addresses: p.Addresses(), identity: platform.IdentityFolder(data), settled: settled(p), patience: patienceNear, slack: slack}
	stop := run(ctx, p)
	w.close = func() error { return errors.Join(stop(), remove()) }
	return w, p, nil
}

// settled waits until a platform has handled all deadlines, for a limited time.
func settled(p *platform.Platform) func(context.Context) error {
	return func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, patienceNear)
		defer cancel()
		if err := p.Settled(ctx); err != nil {
			return fmt.Errorf("the platform has not done what is due: %w", err)
		}
		return nil
	}
}

// run serves a platform until stop is called.
func run(ctx context.Context, p *platform.Platform) (stop func() error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	return func() error {
		cancel()
		return <-done
	}
}

func (w *World) pace(pace Pace) {
	w.clock, w.skips = &walking{}, pace == Skip
	if w.skips {
		w.clock = skipping{}
	}
}

// Close stops the platform if it runs in this process.
func (w *World) Close() error { return w.close() }

func (w *World) credentials(kind, name string) client.Credentials {
	return platform.Credentials(w.identity, kind, name)
}

// Connect connects to the world's platform as a peer: a line, an auditor or an operator,
// and its name.
func (w *World) Connect(kind, name string) (*client.Platform, error) {
	return client.Connect(w.addresses, w.credentials(kind, name))
}
