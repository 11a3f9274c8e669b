package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/tools/internal/output"
)

func rotaShowCommand(clock clockwork.Clock) *cobra.Command {
	format := output.Table
	var from, until string
	var as *caller
	command := &cobra.Command{
		Use:     "show LINE",
		Short:   "Show who staffs a line, and when",
		Example: "  stafett rota show brus --from 2026-12-20 --until 2027-01-04",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(command *cobra.Command, args []string) error {
			return as.ask(command.Context(), func(ctx context.Context, p *client.Platform) error {
				_, r, err := recordedRota(ctx, p, lineName(args[0]), 0)
				if err != nil {
					return err
				}
				begin, end, err := as.stretch(from, until, r.Zone(), 14*day)
				if err != nil {
					return err
				}
				shifts := shiftsFrom(r, begin, end)
				if format != output.Table {
					return output.Messages(command.OutOrStdout(), format, shifts)
				}
				return as.view().Shifts(command.OutOrStdout(), shifts, r.Zone())
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
	command.Flags().StringVar(from, "from", "", "the first `date`; now if not given")
	command.Flags().StringVar(until, "until", "", "the first `date` that is too late; "+later+" if not given")
}

// stretch reads the time from one date until another in a zone.
func (c *caller) stretch(from, until string, zone *time.Location, usual time.Duration) (begin, end time.Time, err error) {
	begin = c.clock.Now()
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
		err = usageError{fmt.Errorf("--until %s is not after %s; write a later date", until, cmp.Or(from, "now"))}
	case end.Sub(begin) > (mostDays+1)*day:
		err = usageError{fmt.Errorf("--until %s is more than %d days later; ask in parts", until, mostDays)}
	}
	return begin, end, err
}
