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

// proving is what the command line says about a proof that is to be written.
type proving struct {
	provedLog
	from, to string
}

func ProveCommand() *cobra.Command {
	p := proving{provedLog: newProvedLog()}
	command := &cobra.Command{
		Use:   "prove POSITION",
		Short: "Write a proof that an append is in the history",
		Long: `Writes a file of the kind .tlog-proof (C2SP) with the append at a position, the hashes
that lead from it to the root, and the checkpoint. Anybody can verify it offline, with
"stafett audit verify" or with other people's tools.`,
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
	command.Flags().StringVar(&p.to, "to", "", "`file` to write; append-POSITION.tlog-proof, or access-POSITION.tlog-proof, if not given")
}

func (p *proving) run(command *cobra.Command, args []string) error {
	position, err := strconv.ParseInt(args[0], 10, 64)
	if err != nil || position < 1 {
		return cli.Usagef("%s is no position; write a number from 1 on", args[0])
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

// source is the log in a folder, or else of a running platform.
func (p *proving) source(command *cobra.Command) (prove.Source, error) {
	if p.from == "" {
		return p.platform(command.Context())
	}
	if err := refuseFlags(command, aFolder, foreign[aFolder]); err != nil {
		return nil, err
	}
	return copiedHistory(p.from)
}

// write writes the proof, which has a whole append in it, for its owner alone.
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

// what a position of the log has.
func (p *proving) what() string {
	if p.accesses {
		return "access"
	}
	return "append"
}
