package rota

import (
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

func sickCommand(clock clockwork.Clock) *cobra.Command {
	command, c := changeCommand(clock, &cobra.Command{
		Use:     "sick LINE UNIT",
		Short:   "Mark a unit unavailable; the next available unit takes its shifts",
		Example: "  stafett rota sick brus odder --until 21:00 --by a-lindholm",
	}, 2, func(c *changing, args []string, zone *time.Location) (*handoverv1.RotaChange, error) {
		if err := cli.Given("until", c.until, "21:00"); err != nil {
			return nil, err
		}
		sick := &handoverv1.RotaSick{Unit: args[0]}
		err := c.times(zone, &sick.StartTime, &sick.EndTime)
		return &handoverv1.RotaChange{Action: &handoverv1.RotaChange_Sick{Sick: sick}}, err
	})
	c.timeFlags(command, "now", "")
	return command
}

func wellCommand(clock clockwork.Clock) *cobra.Command {
	command, _ := changeCommand(clock, &cobra.Command{
		Use:     "well LINE UNIT",
		Short:   "Mark a unit available again",
		Example: "  stafett rota well brus odder --by a-lindholm",
	}, 2, func(_ *changing, args []string, _ *time.Location) (*handoverv1.RotaChange, error) {
		return &handoverv1.RotaChange{Action: &handoverv1.RotaChange_Well{Well: &handoverv1.RotaWell{Unit: args[0]}}}, nil
	})
	return command
}

// nobody is how the command line names the unit of a shift that nobody is to have.
const nobody = "nobody"

func coverCommand(clock clockwork.Clock) *cobra.Command {
	command, c := changeCommand(clock, &cobra.Command{
		Use:     "cover LINE DATE UNIT",
		Short:   "Assign the shift of a date, or a part of it, to a unit; \"nobody\" closes the line",
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
	c.timeFlags(command, "the start of the shift, or now if it has begun", "default: the end of the shift")
	return command
}

func swapCommand(clock clockwork.Clock) *cobra.Command {
	command, _ := changeCommand(clock, &cobra.Command{
		Use:     "swap LINE DATE DATE",
		Short:   "Swap the units of two dates",
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
