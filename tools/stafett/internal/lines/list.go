package lines

import (
	"context"
	"io"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover/view"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/linesview"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

func listCommand(clock clockwork.Clock) *cobra.Command {
	format := output.Table
	var as caller
	command := &cobra.Command{
		Use:   "list",
		Short: "List the lines, and which can take a child now",
		Long: `Lists the lines with the current state of each channel: open or why not, free seats, and the
unit on duty. A question mark means unknown. Times are in the line's own zone.
JSON output has the API's Availability of each line.`,
		Args: cli.Exactly(0),
		RunE: func(command *cobra.Command, _ []string) error {
			states, err := as.states(command.Context())
			if err != nil {
				return err
			}
			return as.showStates(command.OutOrStdout(), format, states)
		},
	}
	as = asLine(command, clock)
	command.Flags().VarP(&format, "output", "o", "table, json or jsonl")
	return command
}

// states are all lines with what is known of them now.
func (c caller) states(ctx context.Context) (states []linesview.State, err error) {
	err = c.Ask(ctx, func(ctx context.Context, p *client.Platform) error {
		lines, err := cli.AllLines(ctx, p)
		if err != nil {
			return err
		}
		for _, line := range lines {
			now, err := p.Directory.GetAvailability(ctx, &routingv1.GetAvailabilityRequest{Name: line.Name + "/availability"})
			if err != nil {
				return err
			}
			states = append(states, linesview.State{Line: line, Now: now})
		}
		return nil
	})
	return states, err
}

func (c caller) showStates(out io.Writer, format output.Format, states []linesview.State) error {
	if format == output.Table {
		return c.view().List(out, states)
	}
	var messages []*routingv1.Availability
	for _, state := range states {
		messages = append(messages, state.Now)
	}
	return output.Messages(out, format, messages)
}

func showCommand(clock clockwork.Clock) *cobra.Command {
	format := output.Table
	var as caller
	command := &cobra.Command{
		Use:   "show LINE",
		Short: "Show everything known about a line",
		Long: `Shows a line's facts, hours, doors, agreements and current availability. JSON output has the API's
Line, followed by its Availability.`,
		Example: "  stafett lines show brus --lang da",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			return as.Ask(command.Context(), func(ctx context.Context, p *client.Platform) error {
				found, err := state(ctx, p, cli.LineName(args[0]), 0)
				if err != nil {
					return err
				}
				if format == output.Table {
					return as.view().Show(command.OutOrStdout(), found)
				}
				return output.Messages(command.OutOrStdout(), format, []proto.Message{view.Line(found.Line), found.Now})
			})
		},
	}
	as = asLine(command, clock)
	command.Flags().VarP(&format, "output", "o", "table, json or jsonl")
	return command
}
