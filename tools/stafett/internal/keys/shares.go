package keys

import (
	"context"
	"os"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/sealing"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

func sharesCommand(clock clockwork.Clock) *cobra.Command {
	var o own
	command := &cobra.Command{
		Use:   "shares FILE FILE",
		Short: "Export the signing and storage keys of a line as two shares for two persons",
		Long: `Writes two new files. Give each to another person, on paper or on a medium of their own, and delete them here.
One share alone says nothing; both restore the line's signing key, and the storage key that opens its files.`,
		Example: "  stafett keys shares first.txt second.txt --as brus",
		Args:    cli.Exactly(2),
		RunE: func(command *cobra.Command, args []string) error {
			return o.with(command.Context(), func(_ context.Context, system *sealing.System) error {
				shares, err := system.Shares()
				if err != nil {
					return err
				}
				for i, path := range args {
					if err := writeNew(path, shares[i]+"\n"); err != nil {
						return err
					}
				}
				return told(command.OutOrStdout(), "wrote %s and %s; give them to two persons\n", args[0], args[1])
			})
		},
	}
	o = asOwn(command, clock)
	return command
}

// writeNew writes a file that only its owner can read, and never over another one.
func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(text); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func restoreCommand(clock clockwork.Clock) *cobra.Command {
	var o own
	command := &cobra.Command{
		Use:   "restore FILE FILE",
		Short: "Restore the keys of a line from two shares",
		Long: `Puts two shares together, in either order, and keeps the keys beside the line's certificate. If only the storage
key is lost, the line's files open again. If all is lost, run "stafett keys publish --start-over" afterwards, which
revokes the lost sealing keys. What was sealed to them stays sealed.`,
		Example: "  stafett keys restore first.txt second.txt --as brus",
		Args:    cli.Exactly(2),
		RunE: func(command *cobra.Command, args []string) error {
			files, err := o.credentials()
			if err != nil {
				return err
			}
			var shares [2]string
			for i, path := range args {
				text, err := cli.LoadAtMost(path, mostShareBytes)
				if err != nil {
					return err
				}
				shares[i] = string(text)
			}
			if err := sealing.Restore(files, shares[0], shares[1], clock.Now()); err != nil {
				return err
			}
			return told(command.OutOrStdout(), "restored; run \"stafett keys publish --as %s\", with --start-over if its sealing keys were lost\n", cli.LineID(o.Line))
		},
	}
	o = asOwn(command, clock)
	return command
}

// mostShareBytes is more than a share has.
const mostShareBytes = 64 << 10
