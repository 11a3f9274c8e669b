package lines

import (
	"context"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

func suspendCommand(clock clockwork.Clock) *cobra.Command {
	var as caller
	var why string
	command := &cobra.Command{
		Use:   "suspend LINE",
		Short: "Stop offers to a line",
		Long: `A suspended line gets no offers, and those that it has not answered are withdrawn. It may still do
everything for the children that it has. Only an operator suspends. The reasons are SECURITY,
SAFETY, LICENCE and OWN_REQUEST.`,
		Example: "  stafett lines suspend brus --reason SECURITY",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			if err := cli.Given("reason", why, "SECURITY"); err != nil {
				return err
			}
			reason, err := cli.ReadCode("reason", why, "SUSPENSION_REASON_", handoverv1.SuspensionReason_name, 1)
			if err != nil {
				return err
			}
			request := &routingv1.SuspendLineRequest{RequestId: uuid.NewString(), Line: cli.LineName(args[0]), Reason: handoverv1.SuspensionReason(reason)}
			return as.Ask(command.Context(), func(ctx context.Context, p *client.Platform) error {
				done, err := p.Directory.SuspendLine(ctx, request)
				if err != nil {
					return err
				}
				return as.after(ctx, p, command.OutOrStdout(), request.Line, "suspended", done.Recorded)
			})
		},
	}
	as = asLine(command, clock)
	command.Flags().StringVar(&why, "reason", "", "`reason` for suspending")
	return command
}

func reinstateCommand(clock clockwork.Clock) *cobra.Command {
	var as caller
	command := &cobra.Command{
		Use:     "reinstate LINE",
		Short:   "End the suspension of a line",
		Example: "  stafett lines reinstate brus",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			return as.Ask(command.Context(), func(ctx context.Context, p *client.Platform) error {
				line := cli.LineName(args[0])
				done, err := p.Directory.ReinstateLine(ctx, &routingv1.ReinstateLineRequest{RequestId: uuid.NewString(), Line: line})
				if err != nil {
					return err
				}
				return as.after(ctx, p, command.OutOrStdout(), line, "reinstated", done.Recorded)
			})
		},
	}
	as = asLine(command, clock)
	return command
}
