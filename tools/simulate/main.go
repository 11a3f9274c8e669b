// Command simulate plays random schedules of the protocol and explores small worlds
// completely; see tools/internal/simulation and tools/internal/exploration.
//
//	go run ./tools/simulate -n 200000          many schedules
//	go run ./tools/simulate -duration 1h       as many as fit
//	go run ./tools/simulate -until I4          until this invariant is broken
//	go run ./tools/simulate -seed 17 -v        one schedule, to read
//	go run ./tools/simulate -trace FILE -v     a noted one
//	go run ./tools/simulate -explore 2         every state of a small world
//	go run ./tools/simulate -diagram           the states as a mermaid diagram
//
// The exit code is 1 if something is wrong; the output names the seed.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"time"
)

type wish struct {
	schedules uint64
	from      uint64
	duration  time.Duration
	until     string
	seed      uint64
	trace     string
	verbose   bool
	explore   int
	states    int
	diagram   bool
}

func main() {
	w := wish{}
	flag.Uint64Var(&w.schedules, "n", 200_000, "how many schedules")
	flag.Uint64Var(&w.from, "from", 1, "the first seed")
	flag.DurationVar(&w.duration, "duration", 0, "instead of -n: as many schedules as fit into this time")
	flag.StringVar(&w.until, "until", "", "stop as soon as this invariant is broken, such as I4")
	flag.Uint64Var(&w.seed, "seed", 0, "play the schedule of this seed alone")
	flag.StringVar(&w.trace, "trace", "", "play the schedule in this file alone")
	flag.BoolVar(&w.verbose, "v", false, "with -seed or -trace, tell what happens")
	flag.IntVar(&w.explore, "explore", 0, "explore every state, with at most so many handovers")
	flag.IntVar(&w.states, "states", 0, "with -explore, stop at so many states")
	flag.BoolVar(&w.diagram, "diagram", false, "print the states of a handover as a mermaid diagram")
	flag.Usage = usage
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "simulate: %q is not a flag; see -h\n", flag.Arg(0))
		os.Exit(2)
	}
	debug.SetGCPercent(800) // schedules leave much garbage and keep nothing
	sound, err := w.do()
	if err != nil {
		fmt.Fprintln(os.Stderr, "simulate:", err)
	}
	if err != nil || !sound {
		os.Exit(1)
	}
}

// usage prints a summary of the command before its flags.
func usage() {
	fmt.Fprint(os.Stderr, "simulate plays random schedules of the protocol, with crashes, lost and repeated messages and\n"+
		"jumping clocks, and looks after each step whether anything is broken. It ends with 1 where\n"+
		"something is, and names the seed. About 2,000 to 4,000 schedules a second on two processors.\n\n")
	flag.PrintDefaults()
}

func (w wish) do() (sound bool, err error) {
	switch {
	case w.seed > 0:
		return w.one()
	case w.trace != "":
		return w.noted()
	case w.explore > 0:
		return w.explored()
	case w.diagram:
		err := drawn()
		return err == nil, err
	}
	return w.campaign(), nil
}
