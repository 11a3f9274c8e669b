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
	Guards    []Guard
	simulator string
	tests     map[string]string // by the folder in which they run
}

// Build builds the programs of the checkout at root into a folder.
func Build(root, folder string) (*Programs, error) {
	p := &Programs{simulator: filepath.Join(folder, "simulate"), tests: map[string]string{}}
	var err error
	if p.Guards, err = Guards(protocol(root)...); err != nil {
		return nil, err
	}
	overlay, err := Overlay(root, p.Guards, folder)
	if err != nil {
		return nil, err
	}
	builds := [][]string{{"build", "-overlay", overlay, "-o", p.simulator, "./tools/simulate"}}
	for _, source := range append(protocol(root), filepath.Join(root, "pkg", "handover", "view")) {
		p.tests[source] = filepath.Join(folder, filepath.Base(source)+".test")
		relative, err := filepath.Rel(root, source)
		if err != nil {
			return nil, err
		}
		builds = append(builds, []string{"test", "-c", "-overlay", overlay, "-o", p.tests[source], "./" + relative})
	}
	for _, args := range builds {
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
