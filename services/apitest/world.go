package apitest

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/invariant"
	"github.com/stafett/stafett/pkg/taxonomy"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/diskspace"
	"github.com/stafett/stafett/services/internal/identity"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/platform"
)

// FourLines are always open and serve everything, so they are asked in the order of their
// names.
var FourLines = sync.OnceValue(func() []*handoverv1.Line {
	var text strings.Builder
	text.WriteString("lines:\n")
	for _, id := range []string{"sender", "first", "second", "third"} {
		text.WriteString("  - {id: " + id + ", names: {nb: " + id + ", da: " + id + ", en: " + id + "}, operator: test, country: \"NO\", " +
			"time_zone: Europe/Oslo, topics: [\"*\"], ages: 0-25, languages: [nb], anonymous: true, " +
			"hours: {chat: [\"every day 00:00-24:00\"]}}\n")
	}
	lines, err := linefile.Parse("test", []byte(text.String()), taxonomy.Default())
	if err != nil {
		panic(err)
	}
	return lines
})

// World is a platform with a manual clock.
type World struct {
	*platform.Platform
	T         *testing.T
	Ctx       context.Context
	Data      string
	Lines     []*handoverv1.Line
	Clock     *clockwork.FakeClock
	spoke     time.Time // when the desks last reported seats by themselves
	Quiet     bool      // desks report nothing by themselves: the test does
	Unaudited bool      // audit does not answer, so nothing is checked at the end
	Once      bool      // the lines are published into an empty log only
	Stop      func()
	Topics    *taxonomy.Taxonomy
	Measure   diskspace.Measure // of the free space; nil: the file system's
}

// NewWorld starts a platform. Its tests run in parallel.
func NewWorld(t *testing.T) *World {
	t.Helper()
	return NewWorldOf(t, FourLines())
}

// NewWorldOf starts a platform with a directory of its own.
func NewWorldOf(t *testing.T, lines []*handoverv1.Line) *World {
	t.Helper()
	return NewWorldUnder(t, nil, lines)
}

// NewWorldUnder starts a platform with a taxonomy of its own as well.
func NewWorldUnder(t *testing.T, topics *taxonomy.Taxonomy, lines []*handoverv1.Line) *World {
	t.Helper()
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), logtest.Patience)
	t.Cleanup(cancel)
	w := &World{T: t, Ctx: ctx, Data: certifiedFolder(t), Lines: lines, Topics: topics, Clock: clockwork.NewFakeClockAt(time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC))}
	w.Start()
	return w
}

// Start starts the platform on its folder, for the first time or again.
func (w *World) Start() {
	w.T.Helper()
	p, err := platform.Up(w.Ctx, platform.Config{Data: w.Data, Lines: w.Lines, Once: w.Once, Topics: w.Topics, Clock: w.Clock, Measure: w.Measure, LimitScale: Unlimited})
	if err != nil {
		w.T.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	w.Platform = p
	w.Stop = sync.OnceFunc(func() {
		w.sound()
		cancel()
		if err := <-done; err != nil {
			w.T.Errorf("the platform did not stop cleanly: %v", err)
		}
		if !w.T.Failed() {
			w.standing()
		}
	})
	w.T.Cleanup(w.Stop)
}

// Staff makes the desks of every line report seats, if they have no recent report.
func (w *World) Staff() {
	w.T.Helper()
	if w.Quiet || w.Clock.Since(w.spoke) < time.Minute {
		return
	}
	w.spoke = w.Clock.Now()
	for _, line := range w.Lines {
		w.Desk(directory.ID(line)).ReportSeats(1000)
	}
}

// ReportSeats reports the number of free seats at the line's desks.
func (d Desk) ReportSeats(seats int32) *routingv1.ReportCapacityResponse {
	d.T.Helper()
	return Must[*routingv1.ReportCapacityResponse](d.T)(d.Directory.ReportCapacity(d.Ctx, &routingv1.ReportCapacityRequest{
		Seats: []*handoverv1.SeatReport{{Channel: Chat, Free: seats}, {Channel: Phone, Free: seats}},
	}))
}

// sound checks the protocol's invariants against the log, as after every test. Tests let time
// jump, which looks to the log like a platform that was down.
func (w *World) sound() {
	w.T.Helper()
	if w.T.Failed() || w.Unaudited {
		return
	}
	var history []invariant.Recorded
	for _, s := range w.Replay(&auditv1.ReplayCommitsRequest{}).Appends {
		history = append(history, invariant.Recorded{Position: s.Position, Commit: s.Commit, PayloadHash: s.PayloadHash})
	}
	if err := invariant.Check(history, invariant.Unhurried()).Err(); err != nil {
		w.T.Error(err)
	}
}

// Settle waits until the platform has processed all deadlines that have passed.
func (w *World) Settle() {
	w.T.Helper()
	if err := w.Settled(w.Ctx); err != nil {
		w.T.Fatal(err)
	}
}

// Advance moves the clock forward.
func (w *World) Advance(d time.Duration) {
	w.T.Helper()
	w.Clock.Advance(d)
	w.Settle()
}

// LogEnd is the end of the log.
func (w *World) LogEnd() uint64 {
	w.T.Helper()
	w.Settle()
	stream := Must[AuditReplay](w.T)(w.Auditor().Audit.ReplayCommits(w.Ctx, &auditv1.ReplayCommitsRequest{Purpose: Purpose}))
	return ReceiveAll(w.T, stream).Position
}

func (w *World) Auditor() *client.Platform {
	w.T.Helper()
	return w.Peer(identity.Auditor, "auditor")
}

// Peer connects as a peer, creating its certificate if necessary.
func (w *World) Peer(kind identity.Kind, id string) *client.Platform {
	w.T.Helper()
	authority := Must[*identity.Authority](w.T)(identity.OpenAuthority(platform.IdentityFolder(w.Data), identity.DefaultDomain))
	peer := Must[identity.Peer](w.T)(authority.Peer(kind, id))
	if err := authority.Issue(peer, nil); err != nil {
		w.T.Fatal(err)
	}
	return Connect(w.T, w.Platform, w.Data, kind, id)
}

// Unlimited lets a test call as often as it can.
const Unlimited = 1e6
