package main

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/verify/files"
	"github.com/stafett/stafett/pkg/verify/prove"
)

func auditProveCommand() *cobra.Command {
	log := newProvedLog()
	var from, to string
	command := &cobra.Command{
		Use:   "prove POSITION",
		Short: "Write a proof that an append is in the history",
		Long: `Writes a file of the kind .tlog-proof (C2SP) with the append at a position, the hashes
that lead from it to the root, and the checkpoint. Anybody can verify it offline, with
"stafett audit verify" or with other people's tools.`,
		Example: "  stafett audit prove 17\n  stafett audit prove 17 --from ./history --to append-17.tlog-proof",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(command *cobra.Command, args []string) error {
			position, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil || position < 1 {
				return usageError{fmt.Errorf("%s is no position; write a number from 1 on", args[0])}
			}
			if to == "" {
				to = fmt.Sprintf("append-%d.tlog-proof", position)
			}
			source, err := log.filesIn(command.Context(), from)
			if err != nil {
				return err
			}
			proof, err := prove.Append(command.Context(), source, position)
			if err != nil {
				return err
			}
			if err := os.WriteFile(to, proof.Marshal(), 0o644); err != nil {
				return err
			}
			fmt.Fprintln(command.OutOrStdout(), to)
			return nil
		},
	}
	flags := command.Flags()
	log.flags(command)
	flags.StringVar(&from, "from", "", "`folder` with a history's files, instead of a running platform")
	flags.StringVar(&to, "to", "", "`file` to write; append-POSITION.tlog-proof if not given")
	return command
}

// filesIn is the log in a folder, or else of a running platform.
func (l *provedLog) filesIn(ctx context.Context, folder string) (prove.Source, error) {
	if folder != "" {
		return files.Folder(folder), nil
	}
	return l.platform(ctx)
}
