package rota

import (
	"context"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

func fileCommand(clock clockwork.Clock) *cobra.Command {
	var to string
	var as caller
	command := &cobra.Command{
		Use:   "file LINE",
		Short: "Write a rota as a file, including current changes",
		Long: `Writes a line's rota as a file that gives the same shifts from now on, with its covers, swaps
and sickness included. Applying it makes room for more changes: a rota can hold 2000.`,
		Example: "  stafett rota file brus -o brus.yaml && stafett rota apply brus.yaml",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			return as.Ask(command.Context(), func(ctx context.Context, p *client.Platform) error {
				_, r, err := recordedRota(ctx, p, cli.LineName(args[0]), 0)
				if err != nil {
					return err
				}
				return cli.Save(command.OutOrStdout(), to, r.File(clock.Now()))
			})
		},
	}
	as = asLine(command, clock)
	command.Flags().StringVarP(&to, "output", "o", "", "`file` to write; default: standard output")
	return command
}
