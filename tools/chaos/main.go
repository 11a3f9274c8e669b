// Command chaos does to a platform under load what machines and people do, at random times:
// it kills and stops processes, damages the log, fills the disk, floods and sets the clock.
// Afterwards it looks whether anything that was acknowledged is missing or answered
// differently, and whether somebody was told.
//
//	go run ./tools/chaos                     20 times each
//	go run ./tools/chaos -n 3 -faults cut,flip
//	go run ./tools/chaos -seed 17 -for 30m
//
// The exit code is 1 if something is wrong.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/stafett/stafett/tools/chaos/internal/faults"
)

// wish is what the flags choose.
type wish struct {
	times  int
	names  string
	seed   uint64
	within time.Duration
}

func main() {
	w := wish{}
	flag.IntVar(&w.times, "n", 20, "how often each fault is tried")
	flag.StringVar(&w.names, "faults", strings.Join(allNames(), ","), "which faults, separated by commas")
	flag.Uint64Var(&w.seed, "seed", rand.Uint64(), "chooses the times; default: a random one, which is printed")
	flag.DurationVar(&w.within, "for", 3*time.Hour, "end after this time, whatever is left")
	flag.Parse()
	chosen, err := w.check()
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	sound, err := w.run(ctx, chosen)
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
	}
	if err != nil || !sound {
		os.Exit(1)
	}
}

func allNames() (names []string) {
	for _, fault := range faults.All {
		names = append(names, fault.Name)
	}
	return names
}

// check returns the faults that are meant.
func (w wish) check() (chosen []faults.Fault, err error) {
	if flag.NArg() > 0 {
		return nil, fmt.Errorf("%q is not a flag; see -h", flag.Arg(0))
	}
	if w.times < 1 || w.within <= 0 {
		return nil, fmt.Errorf("-n and -for must be positive")
	}
	for name := range strings.SplitSeq(w.names, ",") {
		at := slices.Index(allNames(), name)
		if at < 0 {
			return nil, fmt.Errorf("-faults: unknown fault %q; use %s", name, strings.Join(allNames(), ", "))
		}
		chosen = append(chosen, faults.All[at])
	}
	return chosen, nil
}
