package main

import (
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/taxonomy"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// directoryFiles are an operator's own files: the lines, and the topics they are for.
type directoryFiles struct{ lines, topics string }

func (f *directoryFiles) flags(flags *pflag.FlagSet) {
	flags.StringVar(&f.lines, "lines", "", "YAML `file` with the directory of lines; the example directory if not given")
	flags.StringVar(&f.topics, "topics", "", "YAML `file` with topics of your own, besides those that ship")
}

func (f *directoryFiles) read() ([]*handoverv1.Line, *taxonomy.Taxonomy, error) {
	topics, err := readTopics(f.topics)
	if err != nil {
		return nil, nil, usageError{err}
	}
	lines, err := readLines(f.lines, topics)
	if err != nil {
		return nil, nil, usageError{err}
	}
	return lines, topics, nil
}

// readTopics reads the taxonomy with the topics of a file, or as it ships where none is
// named.
func readTopics(path string) (*taxonomy.Taxonomy, error) {
	if path == "" {
		return taxonomy.Default(), nil
	}
	return loadTopics(path)
}

func loadTopics(path string) (*taxonomy.Taxonomy, error) {
	text, err := yamlread.Load(path)
	if err != nil {
		return nil, err
	}
	return taxonomy.Parse(filepath.Base(path), text)
}

// readLines reads a directory of lines, or the example one where no file is named.
func readLines(path string, topics *taxonomy.Taxonomy) ([]*handoverv1.Line, error) {
	if path == "" {
		return directory.Example(), nil
	}
	text, err := yamlread.Load(path)
	if err != nil {
		return nil, err
	}
	return directory.Parse(filepath.Base(path), text, directory.Under(topics))
}
