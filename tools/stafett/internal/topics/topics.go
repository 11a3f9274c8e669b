// Package topics lists what conversations can be about, and checks an operator's own topics.
package topics

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/taxonomy"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

func Command() *cobra.Command {
	return cli.Group("topics", "List topics of conversations, and check your own",
		checkCommand(), listCommand())
}

func checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE",
		Short: "Check a topics file",
		Long: `Checks a file that adds topics to the built-in ones, for "stafett up --topics":

  version: oslo-3
  topics:
    FR.x_new_family: {parent: FR, nb: Ny familie, da: Ny familie, en: New family}

The code of your own topic begins with x_. Its parent is a topic of the same group.`,
		Example: "  stafett topics check topics.yaml",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			topics, err := cli.LoadTopics(args[0])
			if err != nil {
				return cli.Mistaken(err)
			}
			own := len(topics.Topics()) - len(taxonomy.Default().Topics())
			fmt.Fprintf(command.OutOrStdout(), "%s is valid: version %s, %d topics in addition to the %d built-in ones\n",
				args[0], topics.Version(), own, len(taxonomy.Default().Topics()))
			return nil
		},
	}
}

func listCommand() *cobra.Command {
	format := output.Table
	var lang string
	command := &cobra.Command{
		Use:     "list [FILE]",
		Short:   "List the built-in topics, and those of a file",
		Example: "  stafett topics list\n  stafett topics list --lang da topics.yaml",
		Args:    cli.AtMost(1),
		RunE: func(command *cobra.Command, args []string) error {
			topics, err := cli.ReadTopics(strings.Join(args, ""))
			if err != nil {
				return cli.Mistaken(err)
			}
			if !slices.Contains(topics.Languages(), lang) {
				return cli.Usagef("--lang %s: no topic has a label in it; write one of %s", lang, strings.Join(topics.Languages(), ", "))
			}
			if format == output.Table {
				return printTopics(command.OutOrStdout(), topics, lang)
			}
			return output.Messages(command.OutOrStdout(), format, topics.Topics())
		},
	}
	flags := command.Flags()
	flags.VarP(&format, "output", "o", "table, json or jsonl")
	flags.StringVar(&lang, "lang", "nb", "`language` of the labels in the table: nb, da, en, or another that the file adds")
	return command
}

func printTopics(out io.Writer, topics *taxonomy.Taxonomy, lang string) error {
	var rows [][]string
	for _, topic := range topics.Topics() {
		rows = append(rows, []string{topic.Code, topic.Parent, topics.Label(topic.Code, lang)})
	}
	return output.Rows(out, []string{"TOPIC", "PARENT", "LABEL, VERSION " + topics.Version()}, rows)
}
