package mutation

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// Programs are the tests of pkg/handover and the simulator, built so that each guard of
// the protocol can be switched off.
type Programs struct {
	Guards           []Guard
	handover         string // directory its tests run in
	tests, simulator string
}

// Build builds the programs of the checkout at root into a folder.
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

// Names returns the names of everything that can be switched off.
func (p *Programs) Names() []string {
	var names []string
	for _, g := range p.Guards {
		names = append(names, g.Name)
	}
	for _, s := range steps {
		names = append(names, s.name)
	}
	return names
}
