package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/internal/linesview"
	"github.com/stafett/stafett/tools/internal/localtime"
)

// timeUsage is how times are written.
const timeUsage = `21:00 for today where the line is, "2026-11-23 21:00" there, or RFC 3339`

// closing says how a line is closed.
type closing struct {
	*caller
	reason, from, until string
	channels            []string
}

func linesCloseCommand(clock clockwork.Clock) *cobra.Command {
	c := &closing{}
	command := &cobra.Command{
		Use:   "close LINE",
		Short: "Close a line for a time, at short notice",
		Long: `Nobody is asked at a closed line. A handover that it has accepted goes on. The reasons are
HOLIDAY, SHORT_STAFFED, NO_CAPACITY, INCIDENT and DRILL.`,
		Example: "  stafett lines close brus --reason SHORT_STAFFED --until 21:00",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(command *cobra.Command, args []string) error {
			request, err := c.request(args[0])
			if err != nil {
				return err
			}
			return c.ask(command.Context(), func(ctx context.Context, p *client.Platform) error {
				return c.run(ctx, p, command.OutOrStdout(), request)
			})
		},
	}
	c.caller = asLine(command, clock)
	flags := command.Flags()
	flags.StringVar(&c.reason, "reason", "", "`why`")
	flags.StringVar(&c.from, "from", "", "the `time` from when on; now if not given: "+timeUsage)
	flags.StringVar(&c.until, "until", "", "the `time` until when: "+timeUsage)
	flags.StringSliceVar(&c.channels, "channel", nil, "chat, phone, sms or email; all if not given; may be repeated")
	return command
}

// request is all of it but for the times, which need the line's zone.
func (c *closing) request(line string) (*routingv1.CloseLineRequest, error) {
	if err := given("reason", c.reason, "SHORT_STAFFED"); err != nil {
		return nil, err
	}
	if err := given("until", c.until, "21:00"); err != nil {
		return nil, err
	}
	const first = handoverv1.ClosureReason_CLOSURE_REASON_HOLIDAY
	reason, err := readCode("reason", c.reason, "CLOSURE_REASON_", handoverv1.ClosureReason_name, int32(first))
	if err != nil {
		return nil, err
	}
	channels, err := readChannels(c.channels)
	return &routingv1.CloseLineRequest{
		RequestId: uuid.NewString(), Line: lineName(line), Reason: handoverv1.ClosureReason(reason), Channels: channels,
	}, err
}

func (c *closing) run(ctx context.Context, p *client.Platform, out io.Writer, request *routingv1.CloseLineRequest) error {
	line, err := p.Routing.GetLine(ctx, &routingv1.GetLineRequest{Name: request.Line})
	if err != nil {
		return err
	}
	zone := linesview.Zone(line)
	if request.EndTime, err = c.upcoming("until", c.until, zone); err != nil {
		return err
	}
	if c.from != "" {
		if request.StartTime, err = c.instant("from", c.from, zone); err != nil {
			return err
		}
	}
	done, err := p.Directory.CloseLine(ctx, request)
	if err != nil {
		return err
	}
	return c.after(ctx, p, out, request.Line, "closed", done)
}

// instant reads a flag's time in a zone.
func (c *caller) instant(flag, text string, zone *time.Location) (*timestamppb.Timestamp, error) {
	at, err := localtime.Instant(text, c.clock.Now(), zone)
	if err != nil {
		return nil, usageError{fmt.Errorf("--%s: %w", flag, err)}
	}
	return timestamppb.New(at), nil
}

// upcoming reads a flag's time that must not be over.
func (c *caller) upcoming(flag, text string, zone *time.Location) (*timestamppb.Timestamp, error) {
	at, err := c.instant(flag, text, zone)
	if err == nil && !at.AsTime().After(c.clock.Now()) {
		tomorrow := c.clock.Now().In(zone).AddDate(0, 0, 1).Format(time.DateOnly)
		err = usageError{fmt.Errorf("--%s %s is over in %s; write the day as well, for example %q", flag, text, zone, tomorrow+" 01:00")}
	}
	return at, err
}

// after tells what is so of a line after something was done to it.
func (c *caller) after(ctx context.Context, p *client.Platform, out io.Writer, line, what string, done *handoverv1.Recorded) error {
	found, err := state(ctx, p, line, done.GetPosition())
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s is %s, at position %d of the log\n", lineID(line), what, done.GetPosition())
	return c.view().Channels(out, found)
}

func linesReopenCommand(clock clockwork.Clock) *cobra.Command {
	var as *caller
	command := &cobra.Command{
		Use:     "reopen LINE",
		Short:   "Open a line again that was closed at short notice",
		Long:    `Ends what a line was closed for, and calls off what it was to be closed for. Its hours stay as they are.`,
		Example: "  stafett lines reopen brus",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(command *cobra.Command, args []string) error {
			return as.ask(command.Context(), func(ctx context.Context, p *client.Platform) error {
				line := lineName(args[0])
				done, err := p.Directory.ReopenLine(ctx, &routingv1.ReopenLineRequest{RequestId: uuid.NewString(), Line: line})
				if err != nil {
					return err
				}
				return as.after(ctx, p, command.OutOrStdout(), line, "without closures", done)
			})
		},
	}
	as = asLine(command, clock)
	return command
}
