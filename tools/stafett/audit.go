package main

import "github.com/spf13/cobra"

func auditCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "audit",
		Short: "Read the history as an auditor",
		Args:  arguments(cobra.NoArgs),
		RunE:  func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	command.AddCommand(auditVerifyCommand(), auditProveCommand(), auditTilesCommand())
	return command
}
