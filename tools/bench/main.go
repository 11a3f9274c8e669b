// Command bench measures Stafett beside its floors: raw JetStream, an echo over gRPC, a scan of
// every line's id, nats-server's own start, AES-GCM and HPKE, and PostgreSQL; and a line's
// neighbours while it floods beside the same at rest. What is compared takes turns in one
// process and on one disk; compare the ratios, not the absolute figures.
//
//	go run ./tools/bench
//	go run ./tools/bench -quick
//	go run ./tools/bench -postgres
//	go run ./tools/bench -history 1000,10000,100000
//	go run ./tools/bench -proofs 1000000
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/pprof"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/stafett/stafett/services/measure"
	"github.com/stafett/stafett/tools/bench/internal/report"
)

// sizes are how much is measured.
type sizes struct {
	rounds       int           // how often what is compared takes turns
	each         time.Duration // length of each turn
	callers      int           // concurrent callers, where there is more than one
	replay       int           // commits that a replay reads
	conversation int           // commands of the long conversation
	history      int           // conversations of the history that is measured along
}

var (
	full  = sizes{rounds: 5, each: 2 * time.Second, callers: 64, replay: 50_000, conversation: 3000, history: 2000}
	quick = sizes{rounds: 2, each: 50 * time.Millisecond, callers: 8, replay: 100, conversation: 50, history: 100}
)

// modes are what the flags choose.
type modes struct {
	sizes
	quick     bool
	postgres  bool
	proofs    int64
	histories string
	pass      string
	data      string
	format    string
	profile   string
}

func main() {
	m := modes{}
	flag.IntVar(&m.rounds, "rounds", full.rounds, "how often what is compared takes turns")
	flag.DurationVar(&m.each, "each", full.each, "how long each turn lasts")
	flag.IntVar(&m.callers, "callers", full.callers, "how many callers at once, where it is more than one")
	flag.IntVar(&m.replay, "replay", full.replay, "how many commits a replay reads")
	flag.BoolVar(&m.quick, "quick", false, "measure a little of everything, to see that it works; the figures mean nothing")
	flag.BoolVar(&m.postgres, "postgres", false, "measure only handovers, beside the same on PostgreSQL 15")
	flag.StringVar(&m.histories, "history", "", "measure only platforms with histories of so many conversations, such as 1000,10000")
	flag.Int64Var(&m.proofs, "proofs", 0, "measure only what proves the history, over this many commits")
	flag.StringVar(&m.format, "o", "table", "how the rows are written: "+strings.Join(report.Formats, " or "))
	flag.StringVar(&m.profile, "cpuprofile", "", "write a CPU profile to this file")
	flag.StringVar(&m.pass, "pass", "", "for -history itself: what a process of its own measures")
	flag.StringVar(&m.data, "data", "", "for -history itself: the data folder")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := m.check(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	if err := profiled(m.profile, func() error { return m.run(ctx) }); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (m *modes) check() error {
	m.conversation, m.history = full.conversation, full.history
	if m.quick {
		m.sizes = quick
	}
	switch {
	case flag.NArg() > 0:
		return fmt.Errorf("unknown argument %q; see -help", flag.Arg(0))
	case !slices.Contains(report.Formats, m.format):
		return fmt.Errorf("-o %q is not a format; use %s", m.format, strings.Join(report.Formats, " or "))
	case m.rounds < 1 || m.each <= 0 || m.callers < 1 || m.replay < 1 || m.proofs < 0:
		return errors.New("-rounds, -each, -callers and -replay must be positive")
	}
	return nil
}

func (m *modes) run(ctx context.Context) error {
	switch {
	case m.pass != "":
		return onePass(ctx, m.pass, m.data)
	case m.histories != "":
		return ofHistories(ctx, m.histories)
	case m.proofs > 0:
		return measure.Proofs(ctx, os.Stdout, m.proofs)
	}
	rows, err := measured(ctx, m.sizes, m.postgres)
	return errors.Join(report.Write(os.Stdout, m.format, rows), err)
}

// profiled calls run, and writes a CPU profile to file if it is not empty.
func profiled(path string, run func() error) error {
	if path == "" {
		return run()
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := pprof.StartCPUProfile(file); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return run()
}
