package audit

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/tools/stafett/internal/audit/report"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

// counting is what the command line says about figures.
type counting struct {
	period
	threshold int
}

func reportFiguresCommand() *cobra.Command {
	c := counting{}
	command := &cobra.Command{
		Use:   "figures",
		Short: "Count what came of the conversations that opened in a time",
		Long: `Counts, by line: conversations, the time until a counsellor came, how offers were
answered, why handovers came back, how often a child came back to a line, and outcomes.

Counts below the threshold are left out, and as many others as it takes that the sums
that are shown tell none of those that are left out.

That does not protect against comparing reports of times that overlap, nor what somebody
knows from elsewhere. And two figures of one line can be subtracted: of 20 handovers
that were received and 18 outcomes, two have none. Look before you publish.`,
		Example: "  stafett audit report figures --from 2026-03-01 --to 2026-04-01 --purpose statistics",
		Args:    cli.Exactly(0),
		RunE:    c.run,
	}
	c.flags(command)
	return command
}

func (c *counting) flags(command *cobra.Command) {
	c.period.flags(command)
	command.Flags().IntVar(&c.threshold, "threshold", report.Threshold, "smallest `count` that is shown; 3 at least")
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

// clocks is by how much the clocks of services may differ: what came of a
// conversation may have been recorded with an earlier time than its opening.
const clocks = time.Minute

// read begins where the time does: what opened before it is not counted.
func (c *counting) read(ctx context.Context, figures *report.Figures, from, to time.Time) error {
	if !from.IsZero() {
		from = from.Add(-clocks)
	}
	return c.period.read(ctx, "", report.Events, from, to, figures.Add)
}
