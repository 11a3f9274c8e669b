// Package audit holds the commands that read and verify the history.
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
		Long: `Reads the history. It holds no message content: it shows who did what, when and with
which codes, never what was said.

Every read needs a purpose, and may name a case. The platform records both, with the
reader and the request, before it answers ("stafett audit accesses").
Purposes: ` + strings.Join(reader.Purposes(), ", ") + `.`,
		Args: cli.Exactly(0),
		RunE: func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	command.AddCommand(replayCommand(), stateCommand(), decisionCommand(), accessesCommand(), exportCommand(),
		checkExportCommand(), reportCommand(), pictureCommand(), eveningCommand(),
		proof.VerifyCommand(), proof.ProveCommand(), proof.TilesCommand())
	return command
}
