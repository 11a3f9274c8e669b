package server

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

func CertifyCommand() *cobra.Command {
	var folder, domain string
	var files directoryFiles
	var hosts []string
	var every time.Duration
	command := &cobra.Command{
		Use:   "certify",
		Short: "Make the certificates and signing keys of a platform",
		Long: `Makes an authority, a certificate for every service, for the nats-server, for every
line of the directory, for an auditor and for an operator, and each service's signing
key. What is there and current stays as it is. Certificates are for thirty days: run it
again to renew them, or let it stay with --every.

"stafett up" does this by itself in its data folder.`,
		Example: "  stafett certify --platform ./platform --host intake.example.org",
		Args:    cli.Exactly(0),
		RunE: func(command *cobra.Command, _ []string) error {
			of, err := files.read()
			if err != nil {
				return err
			}
			for {
				if err := platform.Certify(folder, domain, of.lines, hosts); err != nil {
					return err
				}
				fmt.Fprintf(command.OutOrStdout(), "%s has certificates for %d services and %d lines\n", folder, len(platform.Services), len(of.lines))
				if !again(command.Context(), every) {
					return nil
				}
			}
		},
	}
	flags := command.Flags()
	flags.StringVar(&folder, "platform", "platform", "`folder` for certificates and signing keys")
	flags.StringVar(&domain, "domain", "", domainUsage)
	flags.StringSliceVar(&hosts, "host", nil, "a further `name` or address of the services; may be repeated")
	flags.DurationVar(&every, "every", 0, "stay, and renew what is about to expire this often; 0 makes them once")
	files.flags(flags)
	return command
}

const domainUsage = "trust `domain` of a new platform, such as stafett.example.org; it names the platform's peers and logs, so each needs its own (stafett.local if not given)"

// again waits until it is time once more. It is false when there is no next
// time.
func again(ctx context.Context, every time.Duration) bool {
	if every <= 0 {
		return false
	}
	select {
	case <-time.After(every):
		return true
	case <-ctx.Done():
		return false
	}
}
