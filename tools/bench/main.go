// Command bench measures Stafett next to its lower bound, raw JetStream and a scan of
// every line's id, and prints the ratios. Both run in this process, alternating, on the
// same disk; compare the ratios, not the absolute figures.
//
//	go run ./tools/bench
//	go run ./tools/bench -proofs 1000000
//	go run ./tools/bench -history 1000,10000,100000
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/pprof"
	"time"

	"github.com/stafett/stafett/services/measure"
)

type sizes struct {
	rounds  int           // alternations of raw and Stafett
	each    time.Duration // length of each turn
	callers int           // concurrent callers, where there is more than one
	history int           // commits that a replay reads
}

func main() {
	s := sizes{}
	flag.IntVar(&s.rounds, "rounds", 5, "how often raw JetStream and Stafett take turns")
	flag.DurationVar(&s.each, "each", 2*time.Second, "how long each turn lasts")
	flag.IntVar(&s.callers, "callers", 64, "how many callers at once, where it is more than one")
	flag.IntVar(&s.history, "replay", 50_000, "how many commits a replay reads")
	proofs := flag.Int64("proofs", 0, "measure only what proves the history, over this many commits")
	profile := flag.String("cpuprofile", "", "write a CPU profile to this file")
	histories := flag.String("history", "", "measure only platforms with histories of so many conversations, such as 1000,10000")
	pass := flag.String("pass", "", "for -history itself: what a process of its own measures")
	data := flag.String("data", "", "for -history itself: the data folder")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	measured := func() error { return run(ctx, s) }
	switch {
	case *pass != "":
		measured = func() error { return onePass(ctx, *pass, *data) }
	case *histories != "":
		measured = func() error { return ofHistories(ctx, *histories) }
	case *proofs > 0:
		measured = func() error { return measure.Proofs(ctx, os.Stdout, *proofs) }
	}
	if err := profiled(*profile, measured); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
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

func run(ctx context.Context, s sizes) error {
	data, err := os.MkdirTemp("", "stafett-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(data)
	raw, err := openRaw(data)
	if err != nil {
		return err
	}
	defer raw.close()
	ours, err := openStafett(ctx, data)
	if err != nil {
		return err
	}
	defer ours.close()
	if err := commands(ctx, s, raw, ours); err != nil {
		return err
	}
	if err := replays(ctx, s, raw, ours); err != nil {
		return err
	}
	decisions(s.rounds)
	return nil
}
