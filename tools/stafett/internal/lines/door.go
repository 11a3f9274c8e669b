package lines

import (
	"context"
	"fmt"
	"io"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/directory"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

func doorCommand(clock clockwork.Clock) *cobra.Command {
	var channel, area string
	var as caller
	command := &cobra.Command{
		Use:     "door NUMBER",
		Short:   "Show which line answers a number now, for a caller from an area",
		Example: "  stafett lines door 116111 --area 0301",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			channels, err := cli.ReadChannels([]string{channel})
			if err != nil {
				return err
			}
			request := &routingv1.FindDoorRequest{Number: args[0], Area: area, Channel: channels[0]}
			return as.Ask(command.Context(), func(ctx context.Context, p *client.Platform) error {
				return as.door(ctx, p, command.OutOrStdout(), request)
			})
		},
	}
	as = asLine(command, clock)
	flags := command.Flags()
	flags.StringVar(&area, "area", "", "the caller's `area`: an ISO 3166-2 code or a municipality number")
	flags.StringVar(&channel, "channel", "phone", "phone or sms")
	return command
}

func (c caller) door(ctx context.Context, p *client.Platform, out io.Writer, request *routingv1.FindDoorRequest) error {
	found, err := p.Directory.FindDoor(ctx, request)
	if err != nil {
		return err
	}
	if found.Line == "" {
		fmt.Fprintln(out, "no line answers this number now")
		return nil
	}
	behind, err := state(ctx, p, found.Line, 0)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s (%s) answers\n", c.view().Name(behind.Line), directory.ID(behind.Line))
	return c.view().Channels(out, behind)
}

// channelWord is a channel as files and command lines write it.
func channelWord(channel handoverv1.Channel) string {
	return map[handoverv1.Channel]string{
		handoverv1.Channel_CHANNEL_CHAT: "chat", handoverv1.Channel_CHANNEL_PHONE: "phone",
		handoverv1.Channel_CHANNEL_SMS: "sms", handoverv1.Channel_CHANNEL_EMAIL: "email",
	}[channel]
}
