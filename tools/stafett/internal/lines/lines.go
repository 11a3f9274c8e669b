// Package lines holds the commands that show and change the directory of lines.
package lines

import (
	"context"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover/view"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/linesview"
)

func Command(clock clockwork.Clock) *cobra.Command {
	return cli.Group("lines", "Show and change the directory of lines",
		checkCommand(clock), applyCommand(clock), listCommand(clock), showCommand(clock),
		exportCommand(clock), importCommand(), closeCommand(clock), reopenCommand(clock), suspendCommand(clock), reinstateCommand(clock), doorCommand(clock))
}

// state is a line and its current state, at a position of the log or later.
func state(ctx context.Context, p *client.Platform, name string, position uint64) (linesview.State, error) {
	line, err := p.Directory.GetLine(ctx, &routingv1.GetLineRequest{Name: name, MinPosition: position})
	if err != nil {
		return linesview.State{}, err
	}
	now, err := p.Directory.GetAvailability(ctx, &routingv1.GetAvailabilityRequest{Name: name + "/availability", MinPosition: position})
	return linesview.State{Line: view.Facts(line), Now: now}, err
}

// caller is who asks about lines.
type caller struct{ *cli.Caller }

func asLine(command *cobra.Command, clock clockwork.Clock) caller {
	return caller{cli.AsLine(command, clock)}
}

func (c caller) view() linesview.View { return linesview.For(c.Caller) }
