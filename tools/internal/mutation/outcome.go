package mutation

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"time"
)

// patience is how long a program may run: many times what it takes with every guard in
// place. Without one it may loop forever; that counts as noticed too.
const patience = time.Minute

var errTooLong = errors.New("it does not come to an end")

// Outcome tells what noticed that a guard was missing.
type Outcome struct {
	// Test is the first test that failed, or "".
	Test string
	// Invariants are those that the simulator found broken, sorted.
	Invariants []string
}

func (o Outcome) Noticed() bool { return o.Test != "" || len(o.Invariants) > 0 }

func (o Outcome) String() string {
	switch {
	case o.Test != "":
		return "noticed by " + o.Test
	case len(o.Invariants) > 0:
		return "noticed as " + strings.Join(o.Invariants, ", ")
	}
	return "NOT NOTICED"
}

// Without runs the tests without the named guard or step and, if they pass, the simulator.
func (p *Programs) Without(name string, schedules int) Outcome {
	if test := p.Tested(name); test != "" {
		return Outcome{Test: test}
	}
	return Outcome{Invariants: p.Simulated(name, "", schedules)}
}

var failed = regexp.MustCompile(`--- FAIL: (\S+)`)

// Tested returns the first test that fails without a guard, or "".
func (p *Programs) Tested(name string) string {
	for folder, tests := range p.tests {
		out, err := p.run(name, folder, tests, "-test.failfast", "-test.short")
		if err == nil {
			continue
		}
		if found := failed.FindSubmatch(out); found != nil {
			return string(found[1])
		}
		return fmt.Sprintf("a test that broke off (%s)", err)
	}
	return ""
}

var violated = regexp.MustCompile(`(?m)^seed \d+: (\w+)`)

// Simulated returns the invariants that the simulator finds broken without a guard, until it has
// found the given one; with "", it plays all schedules. A crash of the simulator counts as a finding too.
func (p *Programs) Simulated(name, until string, schedules int) []string {
	out, err := p.run(name, ".", p.simulator, "-n", fmt.Sprint(schedules), "-until", until)
	if err == nil {
		return nil
	}
	var names []string
	for _, found := range violated.FindAllSubmatch(out, -1) {
		names = append(names, string(found[1]))
	}
	if names == nil {
		names = []string{fmt.Sprintf("a simulator that broke off (%s)", err)}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// run runs a program in a folder, without a guard, and returns its output.
func (p *Programs) run(name, folder, program string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeoutCause(context.Background(), patience, errTooLong)
	defer cancel()
	command := exec.CommandContext(ctx, program, args...)
	command.Dir = folder
	command.Env = append(os.Environ(), Variable+"="+name)
	out, err := command.CombinedOutput()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return out, err
}
