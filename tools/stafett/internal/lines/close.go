package lines

import (
	"context"
	"fmt"
	"io"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover/view"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/linesview"
)

// closing says how a line is closed.
type closing struct {
	caller
	reason, from, until string
	channels            []string
}

func closeCommand(clock clockwork.Clock) *cobra.Command {
	c := &closing{}
	command := &cobra.Command{
		Use:   "close LINE",
		Short: "Close a line at short notice",
		Long: `A closed line gets no offers; handovers it has accepted continue. The reasons are
HOLIDAY, SHORT_STAFFED, NO_CAPACITY, INCIDENT and DRILL.`,
		Example: "  stafett lines close brus --reason SHORT_STAFFED --until 21:00",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			request, err := c.request(args[0])
			if err != nil {
				return err
			}
			return c.Ask(command.Context(), func(ctx context.Context, p *client.Platform) error {
				return c.run(ctx, p, command.OutOrStdout(), request)
			})
		},
	}
	c.caller = asLine(command, clock)
	flags := command.Flags()
	flags.StringVar(&c.reason, "reason", "", "`reason` for closing")
	flags.StringVar(&c.from, "from", "", "start `time`: "+cli.TimeUsage+"; default: now")
	flags.StringVar(&c.until, "until", "", "end `time`: "+cli.TimeUsage)
	flags.StringSliceVar(&c.channels, "channel", nil, "chat, phone, sms or email; may be repeated; default: all")
	return command
}

// request is all of it but for the times, which need the line's zone.
func (c *closing) request(line string) (*routingv1.CloseLineRequest, error) {
	if err := cli.Given("reason", c.reason, "SHORT_STAFFED"); err != nil {
		return nil, err
	}
	if err := cli.Given("until", c.until, "21:00"); err != nil {
		return nil, err
	}
	const first = handoverv1.ClosureReason_CLOSURE_REASON_HOLIDAY
	reason, err := cli.ReadCode("reason", c.reason, "CLOSURE_REASON_", handoverv1.ClosureReason_name, int32(first))
	if err != nil {
		return nil, err
	}
	channels, err := cli.ReadChannels(c.channels)
	return &routingv1.CloseLineRequest{
		RequestId: uuid.NewString(), Line: cli.LineName(line), Reason: handoverv1.ClosureReason(reason), Channels: channels,
	}, err
}

func (c *closing) run(ctx context.Context, p *client.Platform, out io.Writer, request *routingv1.CloseLineRequest) error {
	line, err := p.Directory.GetLine(ctx, &routingv1.GetLineRequest{Name: request.Line})
	if err != nil {
		return err
	}
	zone := linesview.Zone(view.Facts(line))
	if request.EndTime, err = c.Upcoming("until", c.until, zone); err != nil {
		return err
	}
	if c.from != "" {
		if request.StartTime, err = c.Instant("from", c.from, zone); err != nil {
			return err
		}
	}
	done, err := p.Directory.CloseLine(ctx, request)
	if err != nil {
		return err
	}
	return c.after(ctx, p, out, request.Line, "closed", done.Recorded)
}

// after prints the state of a line after a change to it.
func (c caller) after(ctx context.Context, p *client.Platform, out io.Writer, line, what string, done *handoverv1.Recorded) error {
	found, err := state(ctx, p, line, done.GetPosition())
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s is %s, at position %d of the log\n", cli.LineID(line), what, done.GetPosition())
	return c.view().Channels(out, found)
}

func reopenCommand(clock clockwork.Clock) *cobra.Command {
	var as caller
	command := &cobra.Command{
		Use:     "reopen LINE",
		Short:   "Reopen a line that was closed at short notice",
		Long:    `Ends current closures and cancels those to come. The line's hours are not changed.`,
		Example: "  stafett lines reopen brus",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			return as.Ask(command.Context(), func(ctx context.Context, p *client.Platform) error {
				line := cli.LineName(args[0])
				done, err := p.Directory.ReopenLine(ctx, &routingv1.ReopenLineRequest{RequestId: uuid.NewString(), Line: line})
				if err != nil {
					return err
				}
				return as.after(ctx, p, command.OutOrStdout(), line, "without closures", done.Recorded)
			})
		},
	}
	as = asLine(command, clock)
	return command
}
