package audit

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/tools/stafett/internal/audit/report"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

type counting struct {
	period
	threshold int
}

func reportFiguresCommand() *cobra.Command {
	c := counting{}
	command := &cobra.Command{
		Use:   "figures",
		Short: "Count outcomes of the conversations opened in a period",
		Long: `Counts, by line: conversations, the time until a counsellor joined, answers to offers,
reasons of returned handovers, children who came back to a line, and outcomes; and apart
from handovers, consultations that a line asked for, and how it answered those of others.

Counts below the threshold are suppressed, with as many others as needed so that they
cannot be computed from the totals.

This does not protect against comparing reports of overlapping periods, or against prior
knowledge. Also, two figures of one line can be subtracted: with 20 handovers received
and 18 outcomes, two have none. Review a report before you publish it.`,
		Example: "  stafett audit report figures --from 2026-03-01 --to 2026-04-01 --purpose statistics",
		Args:    cli.Exactly(0),
		RunE:    c.run,
	}
	c.flags(command)
	return command
}

func (c *counting) flags(command *cobra.Command) {
	c.period.flags(command)
	command.Flags().IntVar(&c.threshold, "threshold", report.Threshold, "smallest `count` to show; at least 3")
}

func (c *counting) run(command *cobra.Command, _ []string) error {
	from, to, err := c.times()
	if err != nil {
		return err
	}
	figures, err := report.NewFigures(from, to, c.threshold)
	if err != nil {
		return cli.Usagef("--threshold: %w", err)
	}
	if err := c.read(command.Context(), figures, from, to); err != nil {
		return err
	}
	return c.showFigures(command.OutOrStdout(), figures.Figures(), c.threshold)
}

// clocks is the maximum skew between the clocks of services: an event may have been
// recorded with an earlier time than the opening of its conversation.
const clocks = time.Minute

// read starts at the beginning of the period: conversations that opened earlier are not
// counted.
func (c *counting) read(ctx context.Context, figures *report.Figures, from, to time.Time) error {
	if !from.IsZero() {
		from = from.Add(-clocks)
	}
	return c.period.read(ctx, "", report.Events, from, to, figures.Add)
}
