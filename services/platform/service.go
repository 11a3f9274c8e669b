package platform

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"sync"

	"github.com/jonboulle/clockwork"
	"github.com/nats-io/nats.go"
	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/taxonomy"
	"github.com/stafett/stafett/services/audit"
	"github.com/stafett/stafett/services/intake"
	"github.com/stafett/stafett/services/internal/dependencies"
	"github.com/stafett/stafett/services/internal/diskspace"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/integrity"
	"github.com/stafett/stafett/services/internal/limits"
	"github.com/stafett/stafett/services/internal/projection"
	"github.com/stafett/stafett/services/internal/rpc"
	"github.com/stafett/stafett/services/internal/signing"
	"github.com/stafett/stafett/services/routing"
	"github.com/stafett/stafett/services/triage"
)

// Services are the names of the platform's services, in display order.
var Services = []string{"intake", "triage", "routing", "audit"}

// fullNames are the full proto names of what each service serves.
var fullNames = map[string][]protoreflect.FullName{
	"intake":  {"stafett.intake.v1.IntakeService"},
	"triage":  {"stafett.triage.v1.TriageService"},
	"routing": {"stafett.routing.v1.RoutingService", "stafett.routing.v1.DirectoryService", "stafett.routing.v1.KeyService"},
	"audit":   {"stafett.audit.v1.AuditService"},
}

// definitions are of the projection of each service.
var definitions = map[string]func() projection.Definition{
	"intake": intake.Definition, "triage": triage.Definition, "routing": routing.Definition, "audit": audit.Definition,
}

// part is everything that one service needs to start.
type part struct {
	name     string
	data     string
	files    identity.Files
	signing  string
	keyring  *signing.Keyring
	nats     *nats.Conn
	reader   *eventlog.Reader
	writer   *eventlog.Writer
	replicas int
	others   bool // whether other processes may be there, which it must hear before it commits
	waits    bool // whether it commits only once audit, in another process, has compared the log
	timed    bool // whether this process has compared its clock already
	clock    clockwork.Clock
	rules    handover.Rules
	seed     routing.Seed
	topics   *taxonomy.Taxonomy
	ranking  *rules.Rules
	listener net.Listener
	tiles    net.Listener // of audit; nil if tiles are not served
	// projections are those of all parts while they open; nil if each is opened by itself.
	projections *projection.Group
	kept        []byte // a checkpoint for audit to compare with; nil if there is none
	space       *diskspace.Watch
	logger      *slog.Logger
	scale       float64 // of the limits per caller
}

// running is a service with its server.
type running struct {
	part
	log       *eventlog.Log
	integrity *integrity.Status // nil if it cannot be read
	key       *signing.Key
	service   dependencies.Service
	server    *rpc.Server
	telling   sync.Mutex // held while the server is told whether it serves
}

// open opens the service's log and files and builds its server. It leaves nothing open if it
// fails.
func (p part) open(ctx context.Context) (*running, error) {
	r := &running{part: p}
	if err := r.openLog(ctx); err != nil {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	}
	tlsConfig, err := identity.ServerTLS(p.files)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	}
	if r.server, err = rpc.New(tlsConfig, limits.New(p.scale), p.logger, fullNames[p.name]...); err != nil {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	}
	if err := r.openService(ctx, tlsConfig); err != nil {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	}
	if err := r.service.Register(r.server.Registrar()); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", p.name, err), r.service.Close())
	}
	return r, nil
}

func (p part) stopListening() {
	p.listener.Close()
	if p.tiles != nil {
		p.tiles.Close()
	}
}

// openLog connects to the log. A service that writes to it first makes sure that it was not
// altered.
func (r *running) openLog(ctx context.Context) (err error) {
	if r.key, err = signing.OpenKey(r.signing, r.name); err != nil {
		return err
	}
	r.openIntegrity(ctx)
	if err := r.unaltered(ctx); err != nil {
		return err
	}
	log, err := eventlog.Open(ctx, r.nats, r.replicas, r.keyring, r.key)
	if err != nil {
		return err
	}
	r.log = log.SharedBy(r.reader, r.writer).While(r.space.Err)
	if r.waits {
		r.log.AwaitVouching()
	}
	if err := r.keepTime(ctx); err != nil {
		return err
	}
	if r.others {
		return r.log.HearOthers(ctx)
	}
	return nil
}

func (r *running) openAccess(ctx context.Context) (*eventlog.Log, error) {
	log, err := eventlog.OpenAccess(ctx, r.nats, r.replicas, r.keyring, r.key)
	if err != nil {
		return nil, err
	}
	return log.While(r.space.Err), nil
}

func (r *running) openService(ctx context.Context, tlsConfig *tls.Config) (err error) {
	uri, err := identity.OwnURI(r.files)
	if err != nil {
		return err
	}
	h := dependencies.Set{
		Log: r.log, Access: r.openAccess, Clock: r.clock, Rules: r.rules, Topics: cmp.Or(r.topics, taxonomy.Default()), Ranking: r.ranking,
		Identity: uri, Data: filepath.Join(r.data, r.name), Projections: r.projections, Logger: r.logger, Secret: r.key.Secret,
	}
	switch r.name {
	case "intake":
		r.service, err = intake.Open(ctx, h)
	case "triage":
		r.service, err = triage.Open(ctx, h)
	case "routing":
		r.seed.Await = r.awaitAudit
		r.service, err = routing.Open(ctx, h, r.seed)
	case "audit":
		r.service, err = r.openAudit(ctx, h, audit.Tiles{Listener: r.tiles, TLS: tlsConfig})
	default:
		err = fmt.Errorf("there is no service %q; there are %v", r.name, Services)
	}
	return err
}

// tellOfSpace says in the service's health, and in its log, whether it can record anything.
func (r *running) tellOfSpace(err error) {
	r.tellServing()
	if err != nil {
		r.logger.Error("nothing is recorded until this is fixed", "error", err)
	} else {
		r.logger.Debug("the disk takes more")
	}
}

func (r *running) tellServing() {
	r.telling.Lock()
	defer r.telling.Unlock()
	r.server.SetServing(r.log.Writable() == nil)
}

// run serves until the context ends or the service fails. It lets running calls finish before
// it closes the files.
func (r *running) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return r.follow(ctx) })
	group.Go(func() error { return r.compareBeside(ctx) })
	group.Go(func() error { return r.watchIntegrity(ctx) })
	group.Go(func() error { return r.log.Guard(ctx) })
	group.Go(func() error { return r.space.Tell(ctx, r.tellOfSpace) })
	group.Go(func() error { return r.tellOfAudit(ctx) })
	group.Go(func() error { return r.server.Serve(ctx, r.listener) })
	err := group.Wait()
	if err = errors.Join(err, r.service.Close()); err != nil {
		return fmt.Errorf("%s stopped: %w", r.name, err)
	}
	return nil
}
