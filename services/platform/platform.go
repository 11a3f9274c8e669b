// Package platform assembles the services: all four in one process on an embedded nats-server,
// or one of them against an external one. The code is the same either way.
package platform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/nats-io/nats.go"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/diskspace"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/logclock"
	"github.com/stafett/stafett/services/internal/signing"
	"github.com/stafett/stafett/services/internal/staging"
	"github.com/stafett/stafett/services/routing"
)

// Config configures the all-in-one.
type Config struct {
	// Data is the folder for everything persistent.
	Data string
	// Domain is the trust domain of a new platform. It names its peers and its logs, so each
	// platform needs one of its own. Empty: the existing one, or stafett.local.
	Domain string
	// Host that the services listen on. Empty: 127.0.0.1.
	Host string
	// Port of intake; triage, routing, audit and the history's tiles follow it. 0: any
	// free ports.
	Port int
	// Lines to publish if the log has nothing about them, and to create certificates for.
	Lines []*handoverv1.Line
	// Rotas to publish, as the contents of files.
	Rotas []string
	// Once: publish only into a log that has no lines yet.
	Once bool
	// Topics that conversations can be about. Nil: the built-in ones.
	Topics *taxonomy.Taxonomy
	// Ranking holds the rules that rank lines. Nil: the built-in rules.
	Ranking *rules.Rules
	// NATS is the URL of a nats-server that other processes reach too. Empty: an embedded one.
	NATS string
	// Services to run, for a replica of some of them. Empty: all.
	Services []string
	// Checkpoint is one of this log that somebody kept. A log that does not have it is not
	// served. Nil: there is none.
	Checkpoint []byte
	// Reserve is the free space in bytes below which nothing more is recorded. 0: 64 MiB.
	Reserve uint64
	// Measure reads the free space. Nil: the file system's.
	Measure diskspace.Measure
	// Clock tells the time of the log. Nil: one that nobody can set, which begins at Wall.
	Clock clockwork.Clock
	// Wall is the machine's clock. Nil: time.Now.
	Wall func() time.Time
	// LimitScale multiplies how often a caller may call. 0: once what is documented.
	LimitScale float64
	// Logger receives identifiers and codes. Nil: nothing is logged.
	Logger *slog.Logger
}

// Platform is the four services in one process.
type Platform struct {
	config   Config
	lock     *os.File
	embedded *embedded // nil with an external nats-server
	nats     *nats.Conn
	keyring  *signing.Keyring
	reader   eventlog.Reader  // of the history, for all services
	writer   eventlog.Writer  // the same
	space    *diskspace.Watch // of all services
	files    logFiles
	parts    parts
	audit    string // audit's address, kept for the case that it cannot start
}

// Up opens the platform in a data folder, creating what is missing. Run serves.
func Up(ctx context.Context, config Config) (*Platform, error) {
	collectRarely()
	p := &Platform{config: config.withDefaults()}
	if err := p.open(ctx); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// collectRarely lets garbage grow to four times of what lives, unless the environment says
// otherwise: little lives, and commands leave much garbage.
func collectRarely() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}

func (c Config) withDefaults() Config {
	if c.Host == "" {
		c.Host = "127.0.0.1"
	}
	if len(c.Services) == 0 {
		c.Services = Services
	}
	if c.Clock == nil {
		c.Clock = logclock.New(c.Wall)
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	return c
}

func (p *Platform) open(ctx context.Context) (err error) {
	if p.lock, err = Lock(p.config.Data); err != nil {
		return err
	}
	if err := p.certify(); err != nil {
		return err
	}
	if err := p.connect(); err != nil {
		return err
	}
	p.space = p.watchSpace()
	if err := p.openParts(ctx); err != nil {
		return err
	}
	p.files = logFiles{logFolder(p.config.Data), map[string]os.FileInfo{}}
	return p.files.look()
}

// connect starts an embedded nats-server, or connects to the external one.
func (p *Platform) connect() (err error) {
	if p.config.NATS == "" {
		if p.embedded, p.nats, err = startNATS(p.config.Data, p.config.Logger); err != nil {
			return err
		}
		p.writer.Staged = staging.Folder(logFolder(p.config.Data)) != ""
		return nil
	}
	p.nats, err = nats.Connect(p.config.NATS, append(connection, nats.Name("stafett"), nats.ErrorHandler(p.logError))...)
	return err
}

func (p *Platform) logError(_ *nats.Conn, _ *nats.Subscription, err error) {
	p.config.Logger.Error("nats-server", "error", err)
}

// Lock keeps a second process out of a data folder.
func Lock(data string) (*os.File, error) {
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(data, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		file.Close()
		return nil, fmt.Errorf("%s is in use by another process; stop it, or choose another folder with --data", data)
	}
	return file, nil
}

// Run serves until the context ends, then stops: it finishes running calls, closes the files,
// and closes the log last.
func (p *Platform) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for i := range p.parts.all() {
		group.Go(func() error { return p.keep(ctx, i) })
	}
	group.Go(func() error { return p.renewCertificates(ctx) })
	group.Go(func() error { return reportWall(ctx, p.config.Clock, p.config.Logger) })
	group.Go(func() error { return p.files.watch(ctx) })
	group.Go(func() error { return p.space.Run(ctx) })
	group.Go(func() error { return p.reviveLog(ctx) })
	err := group.Wait()
	p.parts.clear()
	return errors.Join(err, p.Close())
}

// reviveLog restarts the embedded server each time the disk takes writes again.
func (p *Platform) reviveLog(ctx context.Context) (failed error) {
	if p.embedded == nil {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	before := error(nil)
	p.space.Tell(ctx, func(now error) {
		if before != nil && now == nil {
			failed = p.embedded.restart()
		}
		if before = now; failed != nil {
			cancel()
		}
	})
	return failed
}

// renewCertificates checks once a day whether certificates are about to expire.
func (p *Platform) renewCertificates(ctx context.Context) error {
	day := time.NewTicker(24 * time.Hour)
	defer day.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-day.C:
			if err := Certify(p.config.Data, p.config.Domain, p.config.Lines, []string{p.config.Host}); err != nil {
				p.config.Logger.Error("certificates could not be renewed", "error", err)
			}
			tellExpiries(p.config.Data, time.Now(), p.config.Logger)
		}
	}
}

// Close releases what Up opened. Run calls it.
func (p *Platform) Close() error {
	for _, part := range p.parts.clear() {
		part.stopListening()
		part.service.Close()
	}
	if p.nats != nil {
		p.nats.Close()
	}
	if p.embedded != nil {
		p.embedded.stop()
	}
	if p.lock == nil {
		return nil
	}
	return p.lock.Close()
}

// Tiles is the URL at which audit serves the history's tiles.
func (p *Platform) Tiles() string {
	for _, part := range p.parts.all() {
		if part.tiles != nil {
			return "https://" + part.tiles.Addr().String()
		}
	}
	return ""
}

// Addresses says where the services listen.
func (p *Platform) Addresses() client.Addresses {
	at := map[string]string{"audit": p.audit}
	for _, part := range p.parts.all() {
		at[part.name] = part.listener.Addr().String()
	}
	return client.Addresses{Intake: at["intake"], Triage: at["triage"], Routing: at["routing"], Audit: at["audit"]}
}

// Settled returns once every service has projected the whole log and no deadline is pending.
// It is for callers that move the clock.
func (p *Platform) Settled(ctx context.Context) error {
	for {
		last, err := p.parts.all()[0].log.Last(ctx)
		if err != nil {
			return err
		}
		for _, part := range p.parts.all() {
			if err := part.service.Model().Wait(ctx, last); err != nil {
				return err
			}
		}
		if err := p.routing().Timers().Idle(ctx); err != nil {
			return err
		}
		if now, err := p.parts.all()[0].log.Last(ctx); err != nil || now == last {
			return err
		}
	}
}

// NextDue is the next instant at which the platform acts by itself.
func (p *Platform) NextDue() (time.Time, bool) { return p.routing().Timers().Next() }

func (p *Platform) routing() *routing.Service {
	for _, part := range p.parts.all() {
		if service, ok := part.service.(*routing.Service); ok {
			return service
		}
	}
	return nil
}
