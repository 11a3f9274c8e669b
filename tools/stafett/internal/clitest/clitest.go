// Package clitest is for tests of commands: a platform, and a command line beside it.
package clitest

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

	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/rota"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/root"
)

var update = flag.Bool("update", false, "write the golden files")

// Golden files have no colours, also where the test runs at a terminal, and lines of any
// length.
func init() {
	color.NoColor = true
	os.Unsetenv("COLUMNS")
}

// Desk is a platform with the example directory, whose clock stands on a Monday at
// 19:30 in Oslo and Copenhagen, and a command line beside it with the same clock.
type Desk struct {
	*platform.Platform
	Data  string
	Clock *clockwork.FakeClock
}

// New starts one.
func New(t *testing.T) *Desk {
	t.Helper()
	t.Parallel()
	h := &Desk{Data: t.TempDir(), Clock: clockwork.NewFakeClockAt(time.Date(2026, 11, 23, 18, 30, 0, 0, time.UTC))}
	p, err := platform.Up(t.Context(), platform.Config{Data: h.Data, Lines: linefile.Example(), Rotas: []string{rota.BrusFile()}, Clock: h.Clock})
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
	if err := p.Addresses().Save(h.Data); err != nil {
		t.Fatal(err)
	}
	return h
}

// Free says how many seats are free at a line's chat desk, and how many wait.
func (h *Desk) Free(t *testing.T, line string, seats, queue int32) {
	t.Helper()
	p, err := cli.Target{Data: h.Data}.As("line", line)
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

// Try runs a command line on the platform.
func (h *Desk) Try(t *testing.T, args ...string) (string, error) {
	t.Helper()
	return RunAt(t, h.Clock, append(args, "--data", h.Data)...)
}

// Must runs a command line that works.
func (h *Desk) Must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := h.Try(t, args...)
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return out
}

// Refuses runs a command line that ends with an exit code and says a text.
func (h *Desk) Refuses(t *testing.T, code int, text string, args ...string) {
	t.Helper()
	out, err := h.Try(t, args...)
	if err == nil || cli.ExitCode(err) != code || !strings.Contains(cli.Explain(err), text) {
		t.Errorf("%v: %v, want exit code %d and %q\n%s", args, err, code, text, out)
	}
}

// RunAt runs a command line in this process, on a clock of its own.
func RunAt(t *testing.T, clock clockwork.Clock, args ...string) (string, error) {
	t.Helper()
	command := root.Command(clock)
	var out strings.Builder
	command.SetOut(&out)
	command.SetIn(strings.NewReader(""))
	command.SetArgs(args)
	err := command.ExecuteContext(t.Context())
	return out.String(), err
}

// Golden compares with what testdata has.
func Golden(t *testing.T, name, got string) {
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

// ExampleLines is the file of the example directory, from a command's package.
const ExampleLines = "../../../../pkg/directory/linefile/lines.yaml"

// Run runs a command line in this process.
func Run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	return RunAt(t, clockwork.NewRealClock(), args...)
}

// Write writes a file of the test's own.
func Write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
