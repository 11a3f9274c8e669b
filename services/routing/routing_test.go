package routing

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/taxonomy"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/aggregate"
	"github.com/stafett/stafett/services/internal/dependencies"
	"github.com/stafett/stafett/services/internal/lines"
	"github.com/stafett/stafett/services/internal/logtest"
)

const chat = handoverv1.Channel_CHANNEL_CHAT

// open opens the service on a log of its own, with two lines that are always open.
func open(t testing.TB) (*Service, *clockwork.FakeClock) {
	t.Helper()
	text := "lines:\n"
	for _, id := range []string{"first", "second"} {
		text += strings.ReplaceAll("  - {id: ID, names: {nb: ID, da: ID, en: ID}, operator: test, country: \"NO\", time_zone: Europe/Oslo, "+
			"topics: [\"*\"], ages: 0-25, languages: [nb], anonymous: true, hours: {chat: [\"every day 00:00-24:00\"]}}\n", "ID", id)
	}
	published, err := linefile.Parse("test", []byte(text), taxonomy.Default())
	if err != nil {
		t.Fatal(err)
	}
	clock := clockwork.NewFakeClockAt(time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC))
	s, err := Open(logtest.Context(t), dependencies.Set{
		Log: logtest.New(t, "routing"), Clock: clock, Rules: handover.DefaultRules(), Topics: taxonomy.Default(), Data: t.TempDir(),
		Identity: "spiffe://test/service/routing", Secret: func(purpose string) []byte { return []byte(purpose) }, Logger: slog.New(slog.DiscardHandler),
	}, Seed{Lines: published})
	if err != nil {
		t.Fatal(err)
	}
	s.running(t)
	return s, clock
}

// running runs the service until the test ends.
func (s *Service) running(t testing.TB) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-ended, s.Close()); err != nil {
			t.Errorf("the service ended with %v", err)
		}
	})
}

// free reports a line's free seats.
func (s *Service) free(t testing.TB, line string, n int32) {
	t.Helper()
	call := aggregate.Call{Target: line, Caller: "spiffe://test/line/" + line, Command: "Test"}
	outcome := s.lines.Do(logtest.Context(t), call, func(_ *lines.State, now time.Time) ([]proto.Message, error) {
		return []proto.Message{&eventv1.CapacityReported{
			Seats: []*handoverv1.SeatReport{{Channel: chat, Free: n}}, ExpireTime: timestamppb.New(now.Add(time.Hour)),
		}}, nil
	})
	if outcome.Err != nil {
		t.Fatal(outcome.Err)
	}
	s.caughtUp(t)
}

// caughtUp waits until the projection has the whole log.
func (s *Service) caughtUp(t testing.TB) {
	t.Helper()
	if err := s.model.CatchUp(logtest.Context(t), 0); err != nil {
		t.Fatal(err)
	}
}
