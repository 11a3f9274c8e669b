package hsds

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
)

// fileOf writes the lines, each below what it lacks. It returns nothing if there are none.
func fileOf(lines []entry, outcomes []Outcome) ([]byte, error) {
	if len(lines) == 0 {
		return nil, nil
	}
	var file bytes.Buffer
	fmt.Fprintf(&file, "# Imported from HSDS, which says nothing of %s.\nlines:\n", NeverSaid)
	of := map[string]Outcome{}
	for _, o := range outcomes {
		if o.Line != "" {
			of[o.Line] = o
		}
	}
	for _, line := range lines {
		if err := write(&file, line, of[line.ID]); err != nil {
			return nil, err
		}
	}
	return file.Bytes(), nil
}

func write(file *bytes.Buffer, line entry, o Outcome) error {
	fmt.Fprintf(file, "  # %q\n", o.Name)
	for _, field := range o.Missing {
		fmt.Fprintf(file, "  # missing: %s\n", field)
	}
	for _, text := range o.LeftOut {
		fmt.Fprintf(file, "  # left out: %s\n", text)
	}
	text, err := yaml.Marshal(line)
	if err != nil {
		return fmt.Errorf("service %s: %w", o.ID, err)
	}
	indented := strings.ReplaceAll(strings.TrimSpace(string(text)), "\n", "\n    ")
	fmt.Fprintf(file, "  - %s\n", indented)
	return nil
}
