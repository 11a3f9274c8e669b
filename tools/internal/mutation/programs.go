package mutation

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Programs are the tests of pkg/handover and the simulator, built so that each
// guard of the protocol can be switched off.
type Programs struct {
	Guards           []Guard
	handover         string // where its tests run
	tests, simulator string
}

// Build builds the programs of a checkout, whose root is given, into a folder.
func Build(root, folder string) (*Programs, error) {
	p := &Programs{
		handover: filepath.Join(root, "pkg", "handover"),
		tests:    filepath.Join(folder, "handover.test"), simulator: filepath.Join(folder, "simulate"),
	}
	var err error
	if p.Guards, err = Guards(p.handover); err != nil {
		return nil, err
	}
	overlay, err := Overlay(p.Guards, folder)
	if err != nil {
		return nil, err
	}
	for _, args := range [][]string{
		{"build", "-overlay", overlay, "-o", p.simulator, "./tools/simulate"},
		{"test", "-c", "-overlay", overlay, "-o", p.tests, "./pkg/handover"},
	} {
		command := exec.Command("go", args...)
		command.Dir = root
		if out, err := command.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
		}
	}
	return p, nil
}

// Outcome is what noticed that a guard was gone.
type Outcome struct {
	// Test is the first test that failed, or empty.
	Test string
	// Invariants are those that the simulator found broken, sorted.
	Invariants []string
}

// Noticed says whether anything did.
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

// Without runs the tests without a guard or a step, by its name, and where they
// pass the simulator.
func (p *Programs) Without(name string, schedules int) Outcome {
	if test := p.Tested(name); test != "" {
		return Outcome{Test: test}
	}
	return Outcome{Invariants: p.Simulated(name, schedules)}
}

// Names are the names of everything that can be taken out.
func (p *Programs) Names() []string {
	var names []string
	for _, g := range p.Guards {
		names = append(names, g.Name())
	}
	for _, s := range steps {
		names = append(names, s.name)
	}
	return names
}

var failed = regexp.MustCompile(`--- FAIL: (\S+)`)

// Tested is the first test that fails without a guard, or empty.
func (p *Programs) Tested(name string) string {
	out, err := p.command(name, p.tests, "-test.failfast", "-test.short").CombinedOutput()
	if err == nil {
		return ""
	}
	if found := failed.FindSubmatch(out); found != nil {
		return string(found[1])
	}
	return "a test that broke off"
}

var violated = regexp.MustCompile(`(?m)^seed \d+: (\w+)`)

// Simulated are the invariants that the simulator finds broken without a guard.
func (p *Programs) Simulated(name string, schedules int) []string {
	out, err := p.command(name, p.simulator, "-n", fmt.Sprint(schedules)).CombinedOutput()
	if err == nil {
		return nil
	}
	var names []string
	for _, found := range violated.FindAllSubmatch(out, -1) {
		names = append(names, string(found[1]))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (p *Programs) command(name, program string, args ...string) *exec.Cmd {
	command := exec.Command(program, args...)
	command.Dir = p.handover
	command.Env = append(os.Environ(), Variable+"="+name)
	return command
}
