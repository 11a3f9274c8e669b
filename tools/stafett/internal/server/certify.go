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
	var folder, domain, apart string
	var files directoryFiles
	var hosts []string
	var every time.Duration
	var replace bool
	command := &cobra.Command{
		Use:   "certify",
		Short: "Create the certificates and signing keys of a platform",
		Long: `Creates a certificate authority, a certificate for each service, the nats-server, each
line of the directory, an auditor and an operator, and a signing key for each service.
Valid ones are kept. Certificates last thirty days: run it again to renew them, or keep
it running with --every.

"stafett up" does the same in its data folder.`,
		Example: "  stafett certify --platform ./platform --host intake.example.org",
		Args:    cli.Exactly(0),
		RunE: func(command *cobra.Command, _ []string) error {
			of, err := files.read()
			if err != nil {
				return err
			}
			if replace {
				if err := platform.CreateAuthority(folder, domain); err != nil {
					return err
				}
			}
			for {
				if err := platform.Certify(folder, domain, of.lines, hosts); err != nil {
					return err
				}
				if apart != "" {
					if err := platform.Distribute(folder, apart); err != nil {
						return err
					}
				}
				fmt.Fprintf(command.OutOrStdout(), "%s has certificates for %d services and %d lines\n", folder, len(platform.Services), len(of.lines))
				if err := tellExpiries(command, folder); err != nil {
					return err
				}
				if !again(command.Context(), every) {
					return nil
				}
			}
		},
	}
	flags := command.Flags()
	flags.StringVar(&folder, "platform", "platform", "`folder` for certificates and signing keys")
	flags.StringVar(&apart, "apart", "", "also copy what each service needs into a `folder` of its name in here, with no other's secrets")
	flags.StringVar(&domain, "domain", "", domainUsage)
	flags.StringSliceVar(&hosts, "host", nil, "another host `name` or address of the services; may be repeated")
	flags.DurationVar(&every, "every", 0, "keep running, and renew expiring certificates this often; 0: create them once")
	flags.BoolVar(&replace, "new-authority", false, "create a new authority if the folder has lost its own; every peer then needs its new certificate")
	files.flags(flags)
	command.AddCommand(certifyLineCommand())
	return command
}

// tellExpiries names the certificates that only their owners can renew.
func tellExpiries(command *cobra.Command, folder string) error {
	owners, err := platform.Expiries(folder, time.Now())
	for _, one := range owners {
		fmt.Fprintf(command.OutOrStdout(), "%s keeps its key; its certificate ends on %s (days left: %d)\n", one.Peer, one.Time.UTC().Format(time.DateOnly), one.Days)
	}
	return err
}

func certifyLineCommand() *cobra.Command {
	var folder, request string
	command := &cobra.Command{
		Use:   "line LINE --csr FILE",
		Short: "Certify the key that a line has made itself",
		Long: `Answers a certificate request (PKCS #10, PEM) with a certificate for thirty days. The
line's private key stays with the line; one that "stafett certify" made for it before is
deleted. The name in the request may be left out. Before the certificate ends, the line sends a
request again; "stafett certify" and the platform's log name the days that are left.`,
		Example: `  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=bris -keyout bris.key -out bris.csr
  stafett certify line bris --csr bris.csr --platform ./platform`,
		Args: cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			files, err := platform.CertifyRequest(folder, "line", args[0], request)
			if err != nil {
				return err
			}
			fmt.Fprintf(command.OutOrStdout(), "give %s its certificate %s and the authority's, %s\n", args[0], files.Cert, files.CA)
			return nil
		},
	}
	command.Flags().StringVar(&folder, "platform", "platform", "`folder` with the platform's authority")
	command.Flags().StringVar(&request, "csr", "", "the certificate request, a PEM `file`")
	command.MarkFlagRequired("csr")
	return command
}

const domainUsage = "trust `domain` of a new platform, such as stafett.example.org; part of the names of its peers and logs, so use one of your own; default: stafett.local"

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
