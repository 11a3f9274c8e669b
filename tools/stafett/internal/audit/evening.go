package audit

import (
	"bytes"
	"time"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/tools/stafett/internal/audit/picture"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

type chart struct {
	period
	drawn
}

func eveningCommand() *cobra.Command {
	c := chart{}
	command := &cobra.Command{
		Use:   "evening",
		Short: "Draw open conversations and custody over a period",
		Long: `Draws an SVG chart of how many conversations were open, and how many each line had custody
of. It shows small counts: it is for auditors, do not publish it.`,
		Example: "  stafett audit evening --from \"2026-03-03 17:00\" --to \"2026-03-03 23:00\" --into evening.svg --purpose quality",
		Args:    cli.Exactly(0),
		RunE:    c.run,
	}
	c.Reader.Flags(command)
	c.bounds(command, "before this `time`")
	command.MarkFlagRequired("from")
	command.MarkFlagRequired("to")
	c.drawn.flags(command)
	return command
}

func (c *chart) run(command *cobra.Command, _ []string) error {
	from, to, err := c.times()
	if err != nil {
		return err
	}
	svg, err := c.draw(command, from, to)
	if err != nil {
		return err
	}
	return c.write(command, svg)
}

func (c *chart) draw(command *cobra.Command, from, to time.Time) ([]byte, error) {
	zone, err := c.Location()
	if err != nil {
		return nil, err
	}
	custody, err := c.custody(command.Context(), "", to)
	if err != nil {
		return nil, err
	}
	var svg bytes.Buffer
	err = picture.Evening(&svg, custody, from, to, c.language, zone)
	return svg.Bytes(), err
}
