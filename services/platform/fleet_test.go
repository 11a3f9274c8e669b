package platform_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/platform"
)

// fleet is a platform and further replicas of its services, on one nats-server
// that can go away, with one clock that stands still.
type fleet struct {
	*world // the platform: all four services
	server *server.Server
	store  string
	worlds []*world
}

// everything is all services, routing first: it publishes the lines.
var everything = []string{"routing", "intake", "triage", "audit"}

func newFleet(t *testing.T) *fleet {
	t.Helper()
	t.Parallel()
	f := &fleet{store: t.TempDir()}
	f.server = logtest.Listening(t, -1, f.store)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	f.world = &world{t: t, ctx: ctx, data: certifiedFolder(t), lines: fourLines(), clock: clockwork.NewFakeClockAt(time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC))}
	f.begin(f.world, everything...)
	f.worlds = []*world{f.world}
	return f
}

// replica starts another routing service. It has files of its own, and shares
// the authority and the signing keys, as replicas do.
func (f *fleet) replica() *world {
	f.t.Helper()
	w := &world{t: f.t, ctx: f.ctx, data: f.t.TempDir(), lines: f.lines, clock: f.clock}
	for _, folder := range []string{"identity", "signing"} {
		if err := os.Symlink(filepath.Join(f.data, folder), filepath.Join(w.data, folder)); err != nil {
			f.t.Fatal(err)
		}
	}
	f.begin(w, "routing")
	f.worlds = append(f.worlds, w)
	return w
}

// begin starts a world's services on their folder, for the first time or again.
func (f *fleet) begin(w *world, services ...string) {
	f.t.Helper()
	nc := must[*nats.Conn](f.t)(nats.Connect(f.server.ClientURL(), append(platform.Connection,
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))...)) // by itself it prints
	p, err := platform.On(w.ctx, platform.Config{Data: w.data, Lines: w.lines, Clock: w.clock}, nc, services...)
	if err != nil {
		f.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	w.Platform = p
	w.down = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			w.t.Errorf("the platform did not stop cleanly: %v", err)
		}
	})
	f.t.Cleanup(w.down)
}

// away stops the nats-server, lets something happen and starts it again, on its
// port and with its data.
func (f *fleet) away(meanwhile func()) {
	f.t.Helper()
	port := f.server.Addr().(*net.TCPAddr).Port
	logtest.Stop(f.server)
	meanwhile()
	f.server = logtest.Listening(f.t, port, f.store)
}

// settleAll waits until everybody in these worlds has done all that is due.
func (f *fleet) settleAll(worlds ...*world) {
	f.t.Helper()
	for {
		before := must[uint64](f.t)(worlds[0].Last(f.ctx))
		for _, w := range worlds {
			w.settle()
		}
		if before == must[uint64](f.t)(worlds[0].Last(f.ctx)) {
			return
		}
	}
}

// log is the whole log.
func (f *fleet) log() []*stored {
	f.t.Helper()
	f.settle()
	return f.replay(&auditv1.ReplayCommitsRequest{}).appends
}
