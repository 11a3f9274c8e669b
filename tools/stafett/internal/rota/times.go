package rota

import (
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/localtime"
)

func (c *changing) timeFlags(command *cobra.Command, from, until string) {
	if until != "" {
		until = "; " + until
	}
	command.Flags().StringVar(&c.from, "from", "", "start `time`: "+cli.TimeUsage+"; default: "+from)
	command.Flags().StringVar(&c.until, "until", "", "end `time`: "+cli.TimeUsage+until)
}

// times reads those that are given.
func (c *changing) times(zone *time.Location, from, until **timestamppb.Timestamp) (err error) {
	for _, flag := range []struct {
		name, text string
		into       **timestamppb.Timestamp
	}{{"from", c.from, from}, {"until", c.until, until}} {
		if flag.text == "" {
			continue
		}
		if *flag.into, err = c.Upcoming(flag.name, flag.text, zone); err != nil {
			return err
		}
	}
	return nil
}

// readDay reads a date, of a flag or an argument.
func readDay(flag, text string, zone *time.Location) (time.Time, error) {
	at, err := localtime.Day(text, zone)
	switch {
	case err != nil && flag != "":
		err = cli.Usagef("--%s: %w", flag, err)
	case err != nil:
		err = cli.Usage(err)
	}
	return at, err
}
