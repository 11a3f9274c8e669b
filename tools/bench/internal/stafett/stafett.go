// Package stafett starts the platform that the bench measures: as stafett up does, with lines
// that are always open, and connected to as their own systems would be.
package stafett

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/sealing"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/bench/internal/warm"
)

// Pairs is how many pairs of lines there are, so that handovers at once do not all want seats
// of the same line.
const Pairs = 8

// lines are Sender and Receiver of each pair.
func lines() ([]*handoverv1.Line, error) {
	var text strings.Builder
	text.WriteString("lines:\n")
	for pair := range Pairs {
		for _, id := range []string{Sender(pair), Receiver(pair)} {
			fmt.Fprintf(&text, "  - {id: %[1]s, names: {nb: %[1]s, da: %[1]s, en: %[1]s}, operator: bench, country: \"NO\", time_zone: Europe/Oslo, "+
				"topics: [\"*\"], ages: 0-25, languages: [nb], anonymous: true, hours: {chat: [\"every day 00:00-24:00\"]}}\n", id)
		}
	}
	return linefile.Parse("bench", []byte(text.String()), taxonomy.Default())
}

// Sender and Receiver are the ids of a pair's lines.
func Sender(pair int) string   { return fmt.Sprintf("sender%d", pair) }
func Receiver(pair int) string { return fmt.Sprintf("receiver%d", pair) }

// Certify makes the certificates of a platform in a folder without starting it.
func Certify(folder string) error {
	all, err := lines()
	if err != nil {
		return err
	}
	return platform.Certify(folder, "", all, []string{"localhost"})
}

// Platform is one that runs.
type Platform struct {
	*platform.Platform
	data    string
	running context.Context
	stop    context.CancelFunc
	stopped chan error
	// compared is closed once audit has compared the whole history.
	compared <-chan struct{}

	mu    sync.Mutex
	peers []*client.Platform
}

// unlimited lets one line call as often as it can: that is what is measured.
const unlimited = 1e6

// Start starts the platform in a data folder. A nil clock is the real one.
func Start(ctx context.Context, data string, clock clockwork.Clock) (*Platform, error) {
	return start(ctx, data, clock, unlimited)
}

// StartLimited starts it with the limits per caller that are documented.
func StartLimited(ctx context.Context, data string) (*Platform, error) {
	return start(ctx, data, nil, 1)
}

func start(ctx context.Context, data string, clock clockwork.Clock, scale float64) (*Platform, error) {
	all, err := lines()
	if err != nil {
		return nil, err
	}
	whole := newCompared()
	up, err := platform.Up(ctx, platform.Config{Data: data, Lines: all, Clock: clock, LimitScale: scale, Logger: slog.New(whole)})
	if err != nil {
		return nil, err
	}
	p := &Platform{Platform: up, data: data, stopped: make(chan error, 1), compared: whole.done}
	p.running, p.stop = context.WithCancel(context.Background())
	go func() { p.stopped <- up.Run(p.running) }()
	return p, nil
}

// Stop stops it, and waits until its files are closed.
func (p *Platform) Stop() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var err error
	for _, peer := range p.peers {
		err = errors.Join(err, peer.Close())
	}
	p.stop()
	return errors.Join(err, <-p.stopped)
}

// Credentials are the files of a line, a service or an auditor.
func (p *Platform) Credentials(kind, id string) client.Credentials {
	return platform.Credentials(platform.IdentityFolder(p.data), kind, id)
}

// Peer connects as a line or an auditor.
func (p *Platform) Peer(kind, id string) (*client.Platform, error) {
	peer, err := client.Connect(p.Addresses(), p.Credentials(kind, id))
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.peers = append(p.peers, peer)
	return peer, nil
}

// Pair connects a pair of lines whose receiver has seats.
func (p *Platform) Pair(pair int) (warm.Pair, error) {
	from, err := p.Peer("line", Sender(pair))
	if err != nil {
		return warm.Pair{}, err
	}
	to, err := p.Peer("line", Receiver(pair))
	if err != nil {
		return warm.Pair{}, err
	}
	return warm.Connected(p.running, Receiver(pair), from, to)
}

// Sealing gives a connected pair keys, which it publishes.
func (p *Platform) Sealing(ctx context.Context, pair warm.Pair, number int) (warm.Pair, error) {
	from, err := p.system(ctx, pair.From, Sender(number))
	if err != nil {
		return pair, err
	}
	to, err := p.system(ctx, pair.To, Receiver(number))
	pair.Keys = &warm.Keys{From: from, To: to}
	return pair, err
}

func (p *Platform) system(ctx context.Context, at *client.Platform, line string) (*sealing.System, error) {
	system, err := sealing.Load(at, p.Credentials("line", line), time.Now)
	if err != nil {
		return nil, err
	}
	return system, system.Publish(ctx)
}
