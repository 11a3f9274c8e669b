package proof

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/verify/prove"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

type proving struct {
	provedLog
	from, to string
}

func ProveCommand() *cobra.Command {
	p := proving{provedLog: newProvedLog()}
	command := &cobra.Command{
		Use:   "prove POSITION",
		Short: "Write a proof that a commit is in the history",
		Long: `Writes a .tlog-proof file (C2SP) with the commit at a position, its inclusion proof and
the checkpoint. Anyone can verify it offline, with "stafett audit verify" or other tools.`,
		Example: "  stafett audit prove 17\n  stafett audit prove 17 --from ./history --to append-17.tlog-proof",
		Args:    cli.Exactly(1),
		RunE:    p.run,
	}
	p.flags(command)
	return command
}

func (p *proving) flags(command *cobra.Command) {
	p.provedLog.flags(command)
	command.Flags().StringVar(&p.from, "from", "", "`folder` with a history's files, instead of a running platform")
	command.Flags().StringVar(&p.to, "to", "", "`file` to write; default: append-POSITION.tlog-proof or access-POSITION.tlog-proof")
}

func (p *proving) run(command *cobra.Command, args []string) error {
	position, err := strconv.ParseInt(args[0], 10, 64)
	if err != nil || position < 1 {
		return cli.Usagef("%s is not a position; use a number from 1 on", args[0])
	}
	source, err := p.source(command)
	if err != nil {
		return err
	}
	to, err := p.write(command.Context(), source, position)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(command.OutOrStdout(), to)
	return err
}

// source returns the log in a folder, or else that of a running platform.
func (p *proving) source(command *cobra.Command) (prove.Source, error) {
	if p.from == "" {
		return p.platform(command.Context())
	}
	if err := refuseFlags(command, aFolder, foreign[aFolder]); err != nil {
		return nil, err
	}
	return copiedHistory(p.from)
}

// write makes the proof readable by its owner alone, because it contains an entire commit.
func (p *proving) write(ctx context.Context, source prove.Source, position int64) (to string, err error) {
	proof, err := prove.Append(ctx, source, position)
	if err != nil {
		return "", err
	}
	if to = p.to; to == "" {
		to = fmt.Sprintf("%s-%d.tlog-proof", p.what(), position)
	}
	return to, os.WriteFile(to, proof.Marshal(), 0o600)
}

func (p *proving) what() string {
	if p.accesses {
		return "access"
	}
	return "append"
}
