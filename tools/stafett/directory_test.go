package main

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fatih/color"
	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/rota"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/internal/connect"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Golden files have no colours, also where the test runs at a terminal.
func init() { color.NoColor = true }

// helpdesk is a platform with the example directory, whose clock stands on a Monday at
// 19:30 in Oslo and Copenhagen, and a command line beside it with the same clock.
type helpdesk struct {
	*platform.Platform
	data  string
	clock *clockwork.FakeClock
}

func newHelpdesk(t *testing.T) *helpdesk {
	t.Helper()
	t.Parallel()
	h := &helpdesk{data: t.TempDir(), clock: clockwork.NewFakeClockAt(time.Date(2026, 11, 23, 18, 30, 0, 0, time.UTC))}
	p, err := platform.Up(t.Context(), platform.Config{Data: h.data, Lines: directory.Example(), Rotas: []string{rota.BrusFile()}, Clock: h.clock})
	if err != nil {
		t.Fatal(err)
	}
	h.Platform = p
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	if err := connect.Save(h.data, p.Addresses()); err != nil {
		t.Fatal(err)
	}
	return h
}

// free says how many seats are free at a line's chat desk, and how many wait.
func (h *helpdesk) free(t *testing.T, line string, seats, queue int32) {
	t.Helper()
	p, err := connect.Target{Data: h.data}.As("line", line)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	_, err = p.Directory.ReportCapacity(t.Context(), &routingv1.ReportCapacityRequest{
		Seats: []*handoverv1.SeatReport{{Channel: handoverv1.Channel_CHANNEL_CHAT, Free: seats, Queue: queue}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// try runs a command line on the platform.
func (h *helpdesk) try(t *testing.T, args ...string) (string, error) {
	t.Helper()
	return runAt(t, h.clock, append(args, "--data", h.data)...)
}

// must runs a command line that works.
func (h *helpdesk) must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := h.try(t, args...)
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return out
}

// refuses runs a command line that ends with an exit code and says a text.
func (h *helpdesk) refuses(t *testing.T, code int, text string, args ...string) {
	t.Helper()
	out, err := h.try(t, args...)
	if err == nil || exitCode(err) != code || !strings.Contains(explain(err), text) {
		t.Errorf("%v: %v, want exit code %d and %q\n%s", args, err, code, text, out)
	}
}

// runAt runs a command line in this process, on a clock of its own.
func runAt(t *testing.T, clock clockwork.Clock, args ...string) (string, error) {
	t.Helper()
	command := root()
	for _, real := range []func(clockwork.Clock) *cobra.Command{linesCommand, rotaCommand, routeCommand} {
		replacement := real(clock)
		for _, old := range command.Commands() {
			if old.Name() == replacement.Name() {
				command.RemoveCommand(old)
			}
		}
		command.AddCommand(replacement)
	}
	var out strings.Builder
	command.SetOut(&out)
	command.SetIn(strings.NewReader(""))
	command.SetArgs(args)
	err := command.ExecuteContext(t.Context())
	return out.String(), err
}

// golden compares with what testdata has.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s: want\n%s\ngot\n%s", name, want, got)
	}
}
