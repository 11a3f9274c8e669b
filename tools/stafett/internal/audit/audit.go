// Package audit holds the commands of somebody who reads the history.
package audit

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/tools/stafett/internal/audit/proof"
	"github.com/stafett/stafett/tools/stafett/internal/audit/reader"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

func Command() *cobra.Command {
	command := &cobra.Command{
		Use:   "audit",
		Short: "Read the history as an auditor",
		Long: `Reads the history, which has no content: it tells who did what, when and with which
codes, and never what was said.

Whoever reads states a purpose, and a case where there is one. The platform records
it, with the reader and what was asked for, before it answers ("stafett audit accesses").
Purposes: ` + strings.Join(reader.Purposes(), ", ") + `.`,
		Args: cli.Exactly(0),
		RunE: func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	command.AddCommand(replayCommand(), stateCommand(), decisionCommand(), accessesCommand(), exportCommand(),
		checkExportCommand(), reportCommand(), pictureCommand(), eveningCommand(),
		proof.VerifyCommand(), proof.ProveCommand(), proof.TilesCommand())
	return command
}
