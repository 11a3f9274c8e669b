package rota

import (
	"cmp"
	"context"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover/view"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/linesview"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

func showCommand(clock clockwork.Clock) *cobra.Command {
	format := output.Table
	var from, until string
	var as caller
	command := &cobra.Command{
		Use:     "show LINE",
		Short:   "Show a line's shifts",
		Example: "  stafett rota show brus --from 2026-12-20 --until 2027-01-04",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			return as.Ask(command.Context(), func(ctx context.Context, p *client.Platform) error {
				line, err := p.Directory.GetLine(ctx, &routingv1.GetLineRequest{Name: cli.LineName(args[0])})
				if err != nil {
					return err
				}
				zone := linesview.Zone(view.Facts(line))
				begin, end, err := as.stretch(from, until, zone, 14*day)
				if err != nil {
					return err
				}
				found, err := p.Directory.GetRota(ctx, &routingv1.GetRotaRequest{
					Name: line.Name + "/rota", StartTime: timestamppb.New(begin), EndTime: timestamppb.New(end),
				})
				if err != nil {
					return err
				}
				if format != output.Table {
					return output.Messages(command.OutOrStdout(), format, found.Shifts)
				}
				return as.view().Shifts(command.OutOrStdout(), found.Shifts, zone)
			})
		},
	}
	as = asLine(command, clock)
	command.Flags().VarP(&format, "output", "o", "table, json or jsonl")
	stretchFlags(command, &from, &until, "14 days later")
	return command
}

// mostDays is how much of a rota is told at once.
const mostDays = 366

func stretchFlags(command *cobra.Command, from, until *string, later string) {
	command.Flags().StringVar(from, "from", "", "first `date`; default: now")
	command.Flags().StringVar(until, "until", "", "`date` to stop before; default: "+later)
}

// stretch reads the time from one date until another in a zone.
func (c caller) stretch(from, until string, zone *time.Location, usual time.Duration) (begin, end time.Time, err error) {
	begin = c.Clock.Now()
	if from != "" {
		if begin, err = readDay("from", from, zone); err != nil {
			return begin, end, err
		}
	}
	end = begin.Add(usual)
	if until != "" {
		if end, err = readDay("until", until, zone); err != nil {
			return begin, end, err
		}
	}
	switch {
	case !end.After(begin):
		err = cli.Usagef("--until %s is not after %s; write a later date", until, cmp.Or(from, "now"))
	case end.Sub(begin) > (mostDays+1)*day:
		err = cli.Usagef("--until %s is more than %d days later; choose a shorter period", until, mostDays)
	}
	return begin, end, err
}
