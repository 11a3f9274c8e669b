package server

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

func HealthCommand() *cobra.Command {
	var at, folder, as string
	command := &cobra.Command{
		Use:   "health SERVICE",
		Short: "Ask a service whether it serves",
		Long: `Asks intake, triage, routing or audit over gRPC's health protocol, with a certificate of
the platform folder. Ends with 0 if it serves, with 1 otherwise: for health checks of
containers and monitoring.`,
		Example: "  stafett health routing --platform ./platform --at 127.0.0.1:7403",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			if !slices.Contains(platform.Services, args[0]) {
				return cli.Usagef("there is no service %q; use one of %s", args[0], strings.Join(platform.Services, ", "))
			}
			kind, name, found := strings.Cut(as, "/")
			if !found {
				return cli.Usagef("--as %q: write KIND/NAME, for example service/routing", as)
			}
			return health(command.Context(), command.OutOrStdout(), args[0], at, platform.Credentials(platform.IdentityFolder(folder), kind, name))
		},
	}
	flags := command.Flags()
	flags.StringVar(&at, "at", "127.0.0.1:7401", "`address` of the service")
	flags.StringVar(&folder, "platform", "platform", "`folder` with certificates")
	flags.StringVar(&as, "as", "operator/operator", "whose certificate to use, as `KIND/NAME`, for example service/routing")
	return command
}

// healthWithin is how long a service may take to say how it is.
const healthWithin = 5 * time.Second

func health(ctx context.Context, out io.Writer, service, at string, files client.Credentials) error {
	ctx, cancel := context.WithTimeout(ctx, healthWithin)
	defer cancel()
	connection, err := client.Dial(at, files, service)
	if err != nil {
		return err
	}
	defer connection.Close()
	answer, err := healthv1.NewHealthClient(connection).Check(ctx, &healthv1.HealthCheckRequest{})
	if err != nil {
		return fmt.Errorf("%s at %s: %w", service, at, err)
	}
	if answer.Status != healthv1.HealthCheckResponse_SERVING {
		return fmt.Errorf("%s at %s is %s", service, at, answer.Status)
	}
	fmt.Fprintln(out, service, "at", at, "serves")
	return nil
}
