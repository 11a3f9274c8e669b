// Command mutate takes every guard of the protocol out, one after the other, and
// looks whether the tests of pkg/handover or the simulator notice.
//
//	go run ./tools/mutate               all guards
//	go run ./tools/mutate -guard NAME   one of them
//
// It ends with 1 where a guard can go and nothing notices, unless the guard is
// known to be one of those that stand behind another.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/stafett/stafett/tools/internal/mutation"
)

func main() {
	only := flag.String("guard", "", "only this one, such as AcceptOffer.decide#2")
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
	guards := programs.Guards
	if only != "" {
		found, err := mutation.Find(guards, only)
		if err != nil {
			return 0, err
		}
		guards = []mutation.Guard{found}
	}
	outcomes := try(programs, guards, schedules)
	return report(guards, outcomes), nil
}

// try takes the guards out, as many at a time as there are processors.
func try(programs *mutation.Programs, guards []mutation.Guard, schedules int) []mutation.Outcome {
	outcomes := make([]mutation.Outcome, len(guards))
	group := errgroup.Group{}
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, guard := range guards {
		group.Go(func() error {
			outcomes[i] = programs.Without(guard, schedules)
			fmt.Fprintf(os.Stderr, "%3d of %d  %-32s %s\n", i+1, len(guards), guard.Name(), outcomes[i])
			return nil
		})
	}
	group.Wait()
	return outcomes
}

// report tells what nothing noticed.
func report(guards []mutation.Guard, outcomes []mutation.Outcome) (survivors int) {
	for i, guard := range guards {
		if outcomes[i].Noticed() {
			continue
		}
		survivors++
		fmt.Printf("nothing noticed that %s is gone: %s\n", guard.Name(), strings.Join(strings.Fields(guard.Condition), " "))
	}
	fmt.Printf("%d guards, %d not noticed\n", len(guards), survivors)
	return survivors
}
