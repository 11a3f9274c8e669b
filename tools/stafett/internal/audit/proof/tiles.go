package proof

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/files"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

func TilesCommand() *cobra.Command {
	log := newProvedLog()
	command := &cobra.Command{
		Use:   "tiles FOLDER",
		Short: "Copy the whole history to a folder, to verify it offline",
		Long: `Copies the checkpoint, hash tiles and entries of a running platform to a folder, in the
layout of C2SP tlog-tiles. An earlier copy is completed and repaired if the platform's
checkpoint is consistent with its own. If not, that checkpoint is stored beside it as
checkpoint.other, and the exit code is 3. Nothing is verified: see "stafett audit verify".
The platform records who copied it and for which purpose.`,
		Example: "  stafett audit tiles ./history --data ./stafett-data",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			if err := mayBeHistory(args[0]); err != nil {
				return cli.Usage(err)
			}
			source, err := log.platform(command.Context())
			if err != nil {
				return err
			}
			progress := newProgress(command.ErrOrStderr(), "files")
			c, err := files.Copy(command.Context(), source, files.Folder(args[0]), progress.at)
			progress.end()
			if errors.Is(err, files.ErrOtherHistory) {
				return fmt.Errorf("%s: %w: %w", args[0], cli.ErrUntrue, err)
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(command.OutOrStdout(), "%s has %d commits of %s; not verified\n", args[0], c.Size, c.Origin)
			return nil
		},
	}
	log.flags(command)
	return command
}

// mayBeHistory refuses a folder with other files. An interrupted copy has tiles, but no
// checkpoint yet.
func mayBeHistory(path string) error {
	there, err := os.ReadDir(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(there) == 0 {
		return nil
	}
	folder := files.Folder(path)
	if err == nil && !folder.Has(verify.CheckpointPath) && !folder.Has("tile") {
		err = fmt.Errorf("%s is not empty and holds no history; use a new folder, or one with a history", path)
	}
	return err
}
