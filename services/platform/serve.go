package platform

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/nats-io/nats.go"
	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/diskspace"
	"github.com/stafett/stafett/services/internal/eventlog"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/logclock"
	"github.com/stafett/stafett/services/internal/signing"
	"github.com/stafett/stafett/services/routing"
)

// ServeConfig configures one service against an external nats-server.
type ServeConfig struct {
	// Service is its name: intake, triage, routing or audit.
	Service string
	// Data is the folder for its own files.
	Data string
	// Platform is the folder that Certify filled with certificates and signing keys.
	Platform string
	// Listen is the address it serves on, host:port.
	Listen string
	// Tiles is the address on which audit serves the history's tiles. Empty: it does not serve
	// them.
	Tiles string
	// NATS is the URL of the nats-server.
	NATS string
	// Monitor is the URL of that server's monitoring endpoint. It shows whether the server
	// syncs before it acknowledges; one that does not is refused.
	Monitor string
	// Replicas of the stream: 1, or 3 in a cluster.
	Replicas int
	// Lines to publish in the directory; only routing uses it.
	Lines []*handoverv1.Line
	// Rotas to publish, as the contents of files.
	Rotas []string
	// Once: publish only into a log that has no lines yet.
	Once bool
	// Topics that conversations can be about; must be the same for triage and routing. Nil:
	// the built-in ones.
	Topics *taxonomy.Taxonomy
	// Ranking holds the rules that rank lines; must be the same for triage and routing. Nil:
	// the built-in rules.
	Ranking *rules.Rules
	// Checkpoint is one of this log that somebody kept; only audit uses it. A log that does
	// not have it is not served. Nil: there is none.
	Checkpoint []byte
	// WithoutAudit records before audit has compared the log: somebody knows that it is not an older one.
	WithoutAudit bool
	// Reserve is the free space in bytes below which nothing more is recorded. 0: 64 MiB.
	Reserve uint64
	// LimitScale multiplies how often a caller may call. 0: once what is documented.
	LimitScale float64
	// Wall is the machine's clock. Nil: time.Now.
	Wall func() time.Time
	// Logger receives identifiers and codes.
	Logger *slog.Logger
	// Ready is called with the address when the service is ready.
	Ready func(address string)
}

// Serve runs one service until the context ends. It waits for the nats-server, so services
// and server can be started in any order. It does not wait for its certificate and keys.
func Serve(ctx context.Context, c ServeConfig) error {
	if _, ok := fullNames[c.Service]; !ok {
		return fmt.Errorf("there is no service %q; there are %v", c.Service, Services)
	}
	if err := c.complete(); err != nil {
		return err
	}
	file, err := Lock(filepath.Join(c.Data, c.Service))
	if err != nil {
		return err
	}
	defer file.Close()
	warnOfReadableKeys(c.Platform, c.Logger)
	nc, err := c.reach(ctx)
	if err != nil {
		return err
	}
	defer nc.Close()
	return c.run(ctx, nc)
}

// complete refuses a platform folder without what the service needs.
func (c ServeConfig) complete() error {
	files := c.files()
	for _, path := range []string{files.CA, files.Cert, files.Key, filepath.Join(c.signingFolder(), c.Service+".key")} {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("the platform folder %s lacks what %s needs; make it with \"stafett certify --platform %s\", or name another with --platform: %w",
				c.Platform, c.Service, c.Platform, err)
		}
	}
	return nil
}

func (c ServeConfig) signingFolder() string { return filepath.Join(c.Platform, "signing") }

// connect connects to the nats-server, which identifies the service by its certificate and
// limits it to its part.
func (c ServeConfig) connect() (*nats.Conn, error) {
	tlsConfig, err := client.ClientTLS(c.files(), natsServer)
	if err != nil {
		return nil, err
	}
	return nats.Connect(c.NATS, append(connection, nats.Name("stafett "+c.Service), nats.Secure(tlsConfig))...)
}

func (c ServeConfig) files() identity.Files {
	return identity.FilesIn(IdentityFolder(c.Platform), identity.Service, c.Service)
}

func (c ServeConfig) run(ctx context.Context, nc *nats.Conn) error {
	keyring, err := signing.OpenKeyring(c.signingFolder())
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	tiles, err := c.listenForTiles()
	if err != nil {
		return err
	}
	space := diskspace.New(c.Reserve, nil, filepath.Join(c.Data, c.Service))
	clock := logclock.New(c.Wall)
	r, err := part{
		name: c.Service, data: c.Data, listener: listener, tiles: tiles,
		files:   c.files(),
		signing: c.signingFolder(), keyring: keyring, nats: nc, reader: &eventlog.Reader{}, writer: &eventlog.Writer{}, replicas: c.Replicas,
		others: true, waits: c.Service != "audit" && !c.WithoutAudit,
		clock: clock, rules: handover.DefaultRules(),
		topics: c.Topics, ranking: c.Ranking,
		seed:  routing.Seed{Lines: c.Lines, Rotas: c.Rotas, Once: c.Once},
		space: space, kept: c.Checkpoint,
		logger: c.Logger.With("service", c.Service), scale: c.LimitScale,
	}.open(ctx)
	if err != nil {
		return err
	}
	c.Ready(listener.Addr().String())
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return space.Run(ctx) })
	group.Go(func() error { return reportWall(ctx, clock, c.Logger) })
	group.Go(func() error { return r.run(ctx) })
	return group.Wait()
}

// listenForTiles opens the listener for tiles, if they are served.
func (c ServeConfig) listenForTiles() (net.Listener, error) {
	if c.Tiles == "" || c.Service != "audit" {
		return nil, nil
	}
	return net.Listen("tcp", c.Tiles)
}

// syncsAlways asks a nats-server's monitoring endpoint for its sync setting.
func syncsAlways(ctx context.Context, monitor string) (bool, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, monitor+"/jsz", nil)
	if err != nil {
		return false, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false, err
	}
	defer response.Body.Close()
	var state struct {
		Config struct {
			SyncAlways bool `json:"sync_always"`
		} `json:"config"`
	}
	err = json.NewDecoder(io.LimitReader(response.Body, 1<<20)).Decode(&state)
	return state.Config.SyncAlways, err
}
