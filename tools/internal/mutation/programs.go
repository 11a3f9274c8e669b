package mutation

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// Programs are the simulator and, where they were built, the tests of pkg/handover, in which each
// guard of the protocol can be switched off.
type Programs struct {
	Guards    []Guard
	root      string
	folder    string
	overlay   string
	simulator string
	tests     map[string]string // by the folder in which they run
}

// Build builds the simulator of the checkout at root into a folder.
func Build(root, folder string) (*Programs, error) {
	p := &Programs{root: root, folder: folder, simulator: filepath.Join(folder, "simulate"), tests: map[string]string{}}
	var err error
	if p.Guards, err = Guards(protocol(root)...); err != nil {
		return nil, err
	}
	if p.overlay, err = Overlay(root, p.Guards, folder); err != nil {
		return nil, err
	}
	return p, p.build("build", p.simulator, "./tools/simulate")
}

// BuildTests builds the tests of pkg/handover as well.
func (p *Programs) BuildTests() error {
	for _, source := range append(protocol(p.root), filepath.Join(p.root, "pkg", "handover", "view")) {
		relative, err := filepath.Rel(p.root, source)
		if err != nil {
			return err
		}
		p.tests[source] = filepath.Join(p.folder, filepath.Base(source)+".test")
		if err := p.build("test", p.tests[source], "./"+relative, "-c"); err != nil {
			return err
		}
	}
	return nil
}

// build builds a package with switchable guards.
func (p *Programs) build(verb, program, source string, flags ...string) error {
	args := append([]string{verb, "-overlay", p.overlay, "-o", program}, append(flags, source)...)
	command := exec.Command("go", args...)
	command.Dir = p.root
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
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
