// Package rules shows the rules by which lines are ranked, and checks your own.
package rules

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/directory/rules"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

func Command() *cobra.Command {
	return cli.Group("rules", "Show the rules that rank lines, and check your own",
		checkCommand(), showCommand())
}

func checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE",
		Short: "Check a rules file",
		Long: `Checks a file of rules that replace the built-in ones, for "stafett up --rules". Start from the
built-in rules ("stafett rules show"), and try yours out with "stafett route --lines".
Every decision records the version printed here, not the rules: keep the file.`,
		Example: "  stafett rules check rules.yaml",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			read, err := cli.ReadRules(args[0])
			if err != nil {
				return cli.Mistaken(err)
			}
			_, err = fmt.Fprintf(command.OutOrStdout(), "%s is valid: version %s\n", args[0], read.Version())
			return err
		},
	}
}

func showCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "show",
		Short:   "Print the built-in rules as a file",
		Example: "  stafett rules show > rules.yaml",
		Args:    cli.Exactly(0),
		RunE: func(command *cobra.Command, _ []string) error {
			_, err := fmt.Fprint(command.OutOrStdout(), rules.File())
			return err
		},
	}
}
