package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/rota"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/internal/output"
)

// day is what two weeks and the like are counted in. Clocks may make one an hour longer.
const day = 24 * time.Hour

func rotaCommand(clock clockwork.Clock) *cobra.Command {
	return group("rota", "Look at who staffs a line, and change it",
		rotaCheckCommand(), rotaApplyCommand(clock), rotaShowCommand(clock),
		rotaSickCommand(clock), rotaWellCommand(clock), rotaCoverCommand(clock), rotaSwapCommand(clock),
		rotaExportCommand(clock), rotaImportCommand(clock))
}

func rotaCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE",
		Short: "Check a file of a rota, without a platform",
		Long: `Reads a rota and says everything that is wrong with it: where, and what to write instead. A file
with mistakes ends with exit code 1.`,
		Example: "  stafett rota check brus.yaml",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(command *cobra.Command, args []string) error {
			return checkRota(command.OutOrStdout(), args[0])
		},
	}
}

func checkRota(out io.Writer, path string) error {
	text, err := yamlread.Load(path)
	if err != nil {
		return mistaken(err)
	}
	r, err := rota.Parse(filepath.Base(path), text)
	if err != nil {
		return err
	}
	first, last := r.Dates()
	fmt.Fprintf(out, "%s is sound: rota of %s, %s, from %s to %s in %s\n", path, r.Line(), plural(len(r.Units()), "unit"), first, last, r.Zone())
	if _, err := loadAtMost(path, mostRotaBytes); err != nil {
		fmt.Fprintf(out, "  warning: %v\n", err)
	}
	return nil
}

// recordedRota is the rota of a line as a platform has it.
func recordedRota(ctx context.Context, p *client.Platform, line string, position uint64) (*handoverv1.Rota, *rota.Rota, error) {
	found, err := p.Directory.GetRota(ctx, &routingv1.GetRotaRequest{Line: line, MinPosition: position})
	if err != nil {
		return nil, nil, err
	}
	r, err := rota.Of(found.Rota)
	return found.Rota, r, err
}

// shiftsFrom are the shifts of a rota from an instant until another, as the API has them.
func shiftsFrom(r *rota.Rota, from, until time.Time) (shifts []*handoverv1.Shift) {
	for _, shift := range r.Parts(from, until) {
		shifts = append(shifts, r.Proto(shift))
	}
	return shifts
}

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
