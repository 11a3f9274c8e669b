package apitest

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

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/platform"
)

// Fleet is a platform and further replicas of its services, on one nats-server that can be
// stopped, with one manual clock.
type Fleet struct {
	*World // the platform: all four services
	Server *server.Server
	store  string
	worlds []*World
}

func NewFleet(t *testing.T) *Fleet {
	t.Helper()
	t.Parallel()
	f := &Fleet{store: t.TempDir()}
	f.Server = logtest.Listening(t, -1, f.store)
	ctx, cancel := context.WithTimeout(context.Background(), logtest.Patience)
	t.Cleanup(cancel)
	f.World = &World{T: t, Ctx: ctx, Data: certifiedFolder(t), Lines: FourLines(), Clock: clockwork.NewFakeClockAt(time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC))}
	f.Begin(f.World)
	f.worlds = []*World{f.World}
	return f
}

// Replica starts another routing service. It has its own files, and shares the authority and
// the signing keys, as replicas do.
func (f *Fleet) Replica() *World {
	f.T.Helper()
	w := &World{T: f.T, Ctx: f.Ctx, Data: f.T.TempDir(), Lines: f.Lines, Clock: f.Clock}
	for _, folder := range []string{"identity", "signing"} {
		if err := os.Symlink(filepath.Join(f.Data, folder), filepath.Join(w.Data, folder)); err != nil {
			f.T.Fatal(err)
		}
	}
	f.Begin(w, "routing")
	f.worlds = append(f.worlds, w)
	return w
}

// Begin starts a world's services on their folder, for the first time or again: these, or all.
func (f *Fleet) Begin(w *World, services ...string) {
	f.T.Helper()
	p, err := platform.Up(w.Ctx, platform.Config{Data: w.Data, Lines: w.Lines, Clock: w.Clock, NATS: f.Server.ClientURL(), Services: services, LimitScale: Unlimited})
	if err != nil {
		f.T.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	w.Platform = p
	w.Stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			w.T.Errorf("the platform did not stop cleanly: %v", err)
		}
	})
	f.T.Cleanup(w.Stop)
}

// WithoutNATS stops the nats-server, runs meanwhile and starts the server again, on its port
// and with its data.
func (f *Fleet) WithoutNATS(meanwhile func()) {
	f.T.Helper()
	port := f.Server.Addr().(*net.TCPAddr).Port
	logtest.Stop(f.Server)
	meanwhile()
	f.Server = logtest.Listening(f.T, port, f.store)
}

// SettleAll waits until all of these worlds have processed their deadlines.
func (f *Fleet) SettleAll(worlds ...*World) {
	f.T.Helper()
	for {
		before := Must[uint64](f.T)(worlds[0].Last(f.Ctx))
		for _, w := range worlds {
			w.Settle()
		}
		if before == Must[uint64](f.T)(worlds[0].Last(f.Ctx)) {
			return
		}
	}
}

// Commits is the whole log.
func (f *Fleet) Commits() []*Commit {
	f.T.Helper()
	f.Settle()
	return f.Replay(&auditv1.ReplayCommitsRequest{}).Appends
}
