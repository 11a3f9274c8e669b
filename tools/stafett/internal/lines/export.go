package lines

import (
	"context"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/directory/hsds"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

func exportCommand(clock clockwork.Clock) *cobra.Command {
	var to, offline, topics string
	var as caller
	command := &cobra.Command{
		Use:   "export",
		Short: "Export the directory as HSDS",
		Long: `Writes lines as JSON in the Human Services Data Specification (Open Referral): those of a
platform, or with --offline those of a file.`,
		Example: "  stafett lines export -o lines.hsds.json",
		Args:    cli.Exactly(0),
		RunE: func(command *cobra.Command, _ []string) error {
			lines, err := as.linesOf(command.Context(), offline, topics)
			if err != nil {
				return err
			}
			text, err := hsds.Marshal(lines)
			if err != nil {
				return err
			}
			return cli.Save(command.OutOrStdout(), to, append(text, '\n'))
		},
	}
	as = asLine(command, clock)
	command.Flags().StringVarP(&to, "output", "o", "", "`file` to write; default: standard output")
	command.Flags().StringVar(&offline, "offline", "", "YAML `file` of lines to use instead of a platform")
	topicsFlag(command, &topics)
	return command
}

// linesOf are the lines of a file, or of the platform where no file is named.
func (c caller) linesOf(ctx context.Context, path, topics string) (lines []*handoverv1.Line, err error) {
	if path != "" {
		lines, err = linesIn(path, topics)
		return lines, cli.Mistaken(err)
	}
	err = c.Ask(ctx, func(ctx context.Context, p *client.Platform) error {
		lines, err = cli.AllLines(ctx, p)
		return err
	})
	return lines, err
}
