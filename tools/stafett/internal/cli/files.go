package cli

import (
	"cmp"
	"path/filepath"

	"github.com/stafett/stafett/pkg/directory/linefile"
	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/pkg/rota"
	"github.com/stafett/stafett/pkg/taxonomy"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// ReadRules reads the ranking rules from a file, or the shipped ones if path is empty.
func ReadRules(path string) (*rules.Rules, error) {
	if path == "" {
		return rules.Default(), nil
	}
	text, err := yamlread.Load(path)
	if err != nil {
		return nil, err
	}
	return rules.Parse(filepath.Base(path), text)
}

// ReadRotas reads files of rotas.
func ReadRotas(paths []string) (files []string, err error) {
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

// ReadTopics reads the taxonomy extended by the topics of a file, or as shipped if path is
// empty.
func ReadTopics(path string) (*taxonomy.Taxonomy, error) {
	if path == "" {
		return taxonomy.Default(), nil
	}
	return LoadTopics(path)
}

func LoadTopics(path string) (*taxonomy.Taxonomy, error) {
	text, err := yamlread.Load(path)
	if err != nil {
		return nil, err
	}
	return taxonomy.Parse(filepath.Base(path), text)
}

// ReadLines reads a directory of lines, or the example directory if path is empty. No topics:
// the built-in ones.
func ReadLines(path string, topics *taxonomy.Taxonomy) ([]*handoverv1.Line, error) {
	if path == "" {
		return linefile.Example(), nil
	}
	text, err := linefile.Bounds.Load(path)
	if err != nil {
		return nil, err
	}
	return linefile.Parse(filepath.Base(path), text, cmp.Or(topics, taxonomy.Default()))
}
