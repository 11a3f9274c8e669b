package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/services/platform"
)

func certifyCommand() *cobra.Command {
	var folder, lines string
	var hosts []string
	command := &cobra.Command{
		Use:   "certify",
		Short: "Make the certificates and signing keys of a platform",
		Long: `Makes an authority, a certificate for every service, for the nats-server, for every
line of the directory, for an auditor and for an operator, and each service's signing
key. What is there and current stays as it is, so it can run again to renew.

"stafett up" does this by itself in its data folder.`,
		Example: "  stafett certify --platform ./platform --host intake.example.org",
		Args:    arguments(cobra.NoArgs),
		RunE: func(command *cobra.Command, _ []string) error {
			all, err := readLines(lines)
			if err != nil {
				return err
			}
			if err := platform.Certify(folder, all, hosts); err != nil {
				return err
			}
			fmt.Fprintf(command.OutOrStdout(), "%s has certificates for %d services and %d lines\n", folder, len(platform.Services), len(all))
			return nil
		},
	}
	flags := command.Flags()
	flags.StringVar(&folder, "platform", "platform", "`folder` for certificates and signing keys")
	flags.StringSliceVar(&hosts, "host", nil, "a further `name` or address of the services; may be repeated")
	flags.StringVar(&lines, "lines", "", "YAML `file` with the directory of lines; the example directory if not given")
	return command
}
