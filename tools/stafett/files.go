package main

import (
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/pkg/rota"
	"github.com/stafett/stafett/pkg/taxonomy"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// directoryFiles are an operator's own files: the lines, who staffs them, and the topics
// they are for.
type directoryFiles struct {
	lines, topics, rules string
	rotas                []string
}

// published is what they say.
type published struct {
	lines  []*handoverv1.Line
	rotas  []string
	topics *taxonomy.Taxonomy
	rules  *rules.Rules
	// once: it is the example, which goes only where nothing was published.
	once bool
}

func (f *directoryFiles) flags(flags *pflag.FlagSet) {
	flags.StringVar(&f.lines, "lines", "", "YAML `file` with the directory of lines; if not given, the example directory where no lines were published yet")
	flags.StringArrayVar(&f.rotas, "rota", nil, "YAML `file` that says which units staff a line; may be given for several lines")
	flags.StringVar(&f.rules, "rules", "", "YAML `file` with rules of your own by which lines are ranked, instead of those that ship")
	flags.StringVar(&f.topics, "topics", "", "YAML `file` with topics of your own, besides those that ship")
}

func (f *directoryFiles) read() (p published, err error) {
	if p.topics, err = readTopics(f.topics); err != nil {
		return p, usageError{err}
	}
	if p.rules, err = readRules(f.rules); err != nil {
		return p, usageError{err}
	}
	if p.lines, err = readLines(f.lines, p.topics); err != nil {
		return p, usageError{err}
	}
	if p.rotas, err = readRotas(f.rotas); err != nil {
		return p, usageError{err}
	}
	if f.lines == "" && len(f.rotas) == 0 {
		p.rotas, p.once = []string{rota.BrusFile()}, true
	}
	return p, nil
}

// readRules reads by what lines are ranked, or what ships where no file is named.
func readRules(path string) (*rules.Rules, error) {
	if path == "" {
		return rules.Default(), nil
	}
	text, err := yamlread.Load(path)
	if err != nil {
		return nil, err
	}
	return rules.Parse(filepath.Base(path), text)
}

func readRotas(paths []string) (files []string, err error) {
	for _, path := range paths {
		text, err := yamlread.Load(path)
		if err != nil {
			return nil, err
		}
		if _, err := rota.Parse(filepath.Base(path), text); err != nil {
			return nil, err
		}
		files = append(files, string(text))
	}
	return files, nil
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
