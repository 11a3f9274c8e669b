// Package rules shows the rules by which lines are ranked, and checks an operator's own.
package rules

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

func Command() *cobra.Command {
	return cli.Group("rules", "Show the rules by which lines are chosen, and check rules of your own",
		checkCommand(), showCommand())
}

func checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE",
		Short: "Check a file of rules, and tell every mistake with its place",
		Long: `Checks a file of rules, as "stafett up --rules" takes it instead of those that ship. Begin one
from those ("stafett rules show"), and see what it makes of lines with "stafett route --lines".
Every decision names the version that is told here; a file that is kept nowhere else cannot
be had from it.`,
		Example: "  stafett rules check rules.yaml",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			read, err := cli.ReadRules(args[0])
			if err != nil {
				return cli.Mistaken(err)
			}
			_, err = fmt.Fprintf(command.OutOrStdout(), "%s is sound: version %s\n", args[0], read.Version())
			return err
		},
	}
}

func showCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "show",
		Short:   "Show the rules that ship, as a file",
		Example: "  stafett rules show > rules.yaml",
		Args:    cli.Exactly(0),
		RunE: func(command *cobra.Command, _ []string) error {
			_, err := fmt.Fprint(command.OutOrStdout(), rules.File())
			return err
		},
	}
}
