package main

import (
	"strings"

	"github.com/spf13/cobra"
)

func auditCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "audit",
		Short: "Read the history as an auditor",
		Long: `Reads the history, which has no content: it tells who did what, when and with which
codes, and never what was said.

Whoever reads states a purpose, and a case where there is one. The platform records
it, with the reader and what was asked for, before it answers ("stafett audit accesses").
Purposes: ` + strings.Join(purposes(), ", ") + `.`,
		Args: arguments(cobra.NoArgs),
		RunE: func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	command.AddCommand(auditReplayCommand(), auditStateCommand(), auditDecisionCommand(), auditAccessesCommand(), auditExportCommand(),
		auditCheckExportCommand(), auditReportCommand(), auditPictureCommand(), auditEveningCommand(),
		auditVerifyCommand(), auditProveCommand(), auditTilesCommand())
	return command
}
