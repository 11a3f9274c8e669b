package play

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

// demoPause lets people read along; the whole demo still takes under a minute.
const demoPause = 300 * time.Millisecond

func DemoCommand() *cobra.Command {
	p := playing{timeline: true}
	return &cobra.Command{
		Use:   "demo",
		Short: "Watch two warm handovers on a temporary platform",
		Long: `Plays two stories, of the agreement between Alarmtelefonen and Blå Kors, on the real
services, in this process and a temporary folder, and then shows the history.`,
		Args: cli.Exactly(0),
		RunE: func(command *cobra.Command, _ []string) error {
			out := command.OutOrStdout()
			if output.Terminal(out) {
				p.pause = demoPause
			}
			if err := p.all(command.Context(), out, []string{"violence", "mental-health"}); err != nil {
				return err
			}
			fmt.Fprintln(out, "Next, run your own platform with \"stafett up\", and write a story: tools/stories/README.md")
			return nil
		},
	}
}
