// Command mutate removes every guard of the protocol, one at a time, and checks whether
// the tests of pkg/handover or the simulator notice.
//
//	go run ./tools/mutate               all guards
//	go run ./tools/mutate -guard NAME   one of them
//
// The names, such as AcceptOffer.Decide#2, Turn.RequireChild=nil and Handover.Stopped=true, are those
// of tools/internal/mutation. The exit code is 1 if a guard can be removed unnoticed.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/tools/internal/mutation"
)

func main() {
	only := flag.String("guard", "", "only this one, such as AcceptOffer.Decide#2")
	schedules := flag.Int("n", 5000, "how many schedules to simulate without each guard")
	flag.Parse()
	survivors, err := run(*only, *schedules)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
	}
	if err != nil || survivors > 0 {
		os.Exit(1)
	}
}

func run(only string, schedules int) (survivors int, err error) {
	folder, err := os.MkdirTemp("", "stafett-mutate-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(folder)
	programs, err := mutation.Build(".", folder)
	if err != nil {
		return 0, err
	}
	if err := programs.BuildTests(); err != nil {
		return 0, err
	}
	names := programs.Names()
	if only != "" {
		if !slices.Contains(names, only) {
			return 0, fmt.Errorf("there is no guard %q", only)
		}
		names = []string{only}
	}
	if as := programs.Without("nothing", schedules); as.Noticed() {
		return 0, fmt.Errorf("with every guard in place, something is %s; it would be for every guard", as)
	}
	return report(names, try(programs, names, schedules)), nil
}

// try removes the guards, as many at a time as there are processors.
func try(programs *mutation.Programs, names []string, schedules int) []mutation.Outcome {
	outcomes := make([]mutation.Outcome, len(names))
	group := errgroup.Group{}
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, name := range names {
		group.Go(func() error {
			outcomes[i] = programs.Without(name, schedules)
			fmt.Fprintf(os.Stderr, "%3d of %d  %-38s %s\n", i+1, len(names), name, outcomes[i])
			return nil
		})
	}
	group.Wait()
	return outcomes
}

// report lists the guards whose removal went unnoticed.
func report(names []string, outcomes []mutation.Outcome) (survivors int) {
	for i, name := range names {
		if !outcomes[i].Noticed() {
			survivors++
			fmt.Println("nothing noticed that this is gone:", name)
		}
	}
	fmt.Printf("%d guards, %d not noticed\n", len(names), survivors)
	return survivors
}
