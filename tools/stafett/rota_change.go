package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/rota"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/internal/localtime"
)

// changing says who changes a rota, and when the change holds.
type changing struct {
	*caller
	by, from, until string
}

// changeCommand is a command that makes one change. Zone is the rota's.
func changeCommand(clock clockwork.Clock, command *cobra.Command, args int, change func(c *changing, args []string, zone *time.Location) (*handoverv1.RotaChange, error)) (*cobra.Command, *changing) {
	c := &changing{}
	command.Args = arguments(cobra.ExactArgs(args))
	command.RunE = func(command *cobra.Command, args []string) error {
		if err := given("by", c.by, "a-lindholm"); err != nil {
			return err
		}
		return c.ask(command.Context(), func(ctx context.Context, p *client.Platform) error {
			line := lineName(args[0])
			_, before, err := recordedRota(ctx, p, line, 0)
			if err != nil {
				return err
			}
			made, err := change(c, args[1:], before.Zone())
			if err != nil {
				return err
			}
			made.By = c.by
			return c.change(ctx, p, command.OutOrStdout(), line, before, []*handoverv1.RotaChange{made})
		})
	}
	c.caller = asLine(command, clock)
	byFlag(command, &c.by)
	return command, c
}

func byFlag(command *cobra.Command, by *string) {
	command.Flags().StringVar(by, "by", "", "the `pseudonym` of who does it, as the line knows people")
}

// change makes changes, and prints the shifts that have become others.
func (c *caller) change(ctx context.Context, p *client.Platform, out io.Writer, line string, before *rota.Rota, changes []*handoverv1.RotaChange) error {
	done, err := p.Directory.ChangeRota(ctx, &routingv1.ChangeRotaRequest{RequestId: uuid.NewString(), Line: line, Changes: changes})
	if err != nil {
		return err
	}
	_, after, err := recordedRota(ctx, p, line, done.Position)
	if err != nil {
		return err
	}
	differ, err := c.compare(out, before, after)
	if err != nil {
		return err
	}
	if !differ {
		fmt.Fprintln(out, "The shifts to come stay as they are.")
	}
	fmt.Fprintf(out, "changed, at position %d of the log\n", done.Position)
	return nil
}

// compare prints the shifts that two rotas of a line have otherwise, from now on.
func (c *caller) compare(out io.Writer, before, after *rota.Rota) (bool, error) {
	now := c.clock.Now()
	return c.view().ShiftChanges(out, shiftsFrom(before, now, endOf(before)), shiftsFrom(after, now, endOf(after)), after.Zone())
}

// endOf is after the last shift that a rota knows.
func endOf(r *rota.Rota) time.Time {
	_, last := r.Dates()
	return time.Unix(int64(last+3)*int64(day/time.Second), 0)
}

func rotaSickCommand(clock clockwork.Clock) *cobra.Command {
	command, c := changeCommand(clock, &cobra.Command{
		Use:     "sick LINE UNIT",
		Short:   "Say that a unit cannot; the next in the order that can takes over",
		Example: "  stafett rota sick brus odder --until 21:00 --by a-lindholm",
	}, 2, func(c *changing, args []string, zone *time.Location) (*handoverv1.RotaChange, error) {
		if err := given("until", c.until, "21:00"); err != nil {
			return nil, err
		}
		sick := &handoverv1.RotaSick{Unit: args[0]}
		err := c.times(zone, &sick.StartTime, &sick.EndTime)
		return &handoverv1.RotaChange{Action: &handoverv1.RotaChange_Sick{Sick: sick}}, err
	})
	c.timeFlags(command, "from now on", "")
	return command
}

func rotaWellCommand(clock clockwork.Clock) *cobra.Command {
	command, _ := changeCommand(clock, &cobra.Command{
		Use:     "well LINE UNIT",
		Short:   "Say that a unit can again",
		Example: "  stafett rota well brus odder --by a-lindholm",
	}, 2, func(_ *changing, args []string, _ *time.Location) (*handoverv1.RotaChange, error) {
		return &handoverv1.RotaChange{Action: &handoverv1.RotaChange_Well{Well: &handoverv1.RotaWell{Unit: args[0]}}}, nil
	})
	return command
}

// nobody is how the command line names the unit of a shift that nobody is to have.
const nobody = "nobody"

func rotaCoverCommand(clock clockwork.Clock) *cobra.Command {
	command, c := changeCommand(clock, &cobra.Command{
		Use:     "cover LINE DATE UNIT",
		Short:   "Give the shift of a date, or a part of it, to a unit; to nobody closes the line",
		Example: "  stafett rota cover brus 2026-12-24 nobody --by a-lindholm",
	}, 3, func(c *changing, args []string, zone *time.Location) (*handoverv1.RotaChange, error) {
		cover := &handoverv1.RotaCover{Date: args[0], Unit: args[1]}
		if cover.Unit == nobody {
			cover.Unit = ""
		}
		if _, err := readDay("", cover.Date, zone); err != nil {
			return nil, err
		}
		err := c.times(zone, &cover.StartTime, &cover.EndTime)
		return &handoverv1.RotaChange{Action: &handoverv1.RotaChange_Cover{Cover: cover}}, err
	})
	c.timeFlags(command, "from the shift's start, or now where it has begun", "the shift's end if not given")
	return command
}

func rotaSwapCommand(clock clockwork.Clock) *cobra.Command {
	command, _ := changeCommand(clock, &cobra.Command{
		Use:     "swap LINE DATE DATE",
		Short:   "Let the units of two dates change places",
		Example: "  stafett rota swap brus 2026-12-24 2026-12-31 --by a-lindholm",
	}, 3, func(_ *changing, args []string, zone *time.Location) (*handoverv1.RotaChange, error) {
		for _, date := range args {
			if _, err := readDay("", date, zone); err != nil {
				return nil, err
			}
		}
		swap := &handoverv1.RotaSwap{FirstDate: args[0], SecondDate: args[1]}
		return &handoverv1.RotaChange{Action: &handoverv1.RotaChange_Swap{Swap: swap}}, nil
	})
	return command
}

// readDay reads a date, of a flag or an argument.
func readDay(flag, text string, zone *time.Location) (time.Time, error) {
	at, err := localtime.Day(text, zone)
	switch {
	case err != nil && flag != "":
		err = usageError{fmt.Errorf("--%s: %w", flag, err)}
	case err != nil:
		err = usageError{err}
	}
	return at, err
}
