package keys

import (
	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/sealing"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

func trustCommand(clock clockwork.Clock) *cobra.Command {
	var o own
	command := &cobra.Command{
		Use:   "trust KEY",
		Short: "Trust another log of the platform",
		Long: `After "stafett recover" the platform has a new log, and a line's system refuses keys that are proved in it. Ask the
operator for the new log's public key (log.vkey), by another way than the platform itself, and give it here. Then
start the line's system again, and run "stafett keys publish".`,
		Example: "  stafett keys trust stafett.example+1f0a...+AX... --as brus",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			files, err := o.credentials()
			if err != nil {
				return err
			}
			return sealing.Trust(files, args[0])
		},
	}
	o = asOwn(command, clock)
	return command
}
