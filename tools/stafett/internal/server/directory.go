package server

import (
	"github.com/spf13/pflag"

	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/pkg/rota"
	"github.com/stafett/stafett/pkg/taxonomy"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
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
	flags.StringVar(&f.lines, "lines", "", "YAML `file` with the directory of lines; default: the example directory, if no lines were published yet")
	flags.StringArrayVar(&f.rotas, "rota", nil, "YAML `file` with the rota of a line; may be repeated")
	flags.StringVar(&f.rules, "rules", "", "YAML `file` with your own rules for ranking lines, instead of the built-in ones")
	flags.StringVar(&f.topics, "topics", "", "YAML `file` with your own topics, in addition to the built-in ones")
}

func (f *directoryFiles) read() (p published, err error) {
	if p.topics, err = cli.ReadTopics(f.topics); err != nil {
		return p, cli.Usage(err)
	}
	if p.rules, err = cli.ReadRules(f.rules); err != nil {
		return p, cli.Usage(err)
	}
	if p.lines, err = cli.ReadLines(f.lines, p.topics); err != nil {
		return p, cli.Usage(err)
	}
	if p.rotas, err = cli.ReadRotas(f.rotas); err != nil {
		return p, cli.Usage(err)
	}
	if f.lines == "" && len(f.rotas) == 0 {
		p.rotas, p.once = []string{rota.BrusFile()}, true
	}
	return p, nil
}
