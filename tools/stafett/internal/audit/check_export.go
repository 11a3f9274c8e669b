package audit

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/tools/stafett/internal/audit/evidence"
	"github.com/stafett/stafett/tools/stafett/internal/audit/export"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

type exportCheck struct {
	trust    evidence.Trust
	services string
	format   output.Format
}

func checkExportCommand() *cobra.Command {
	c := exportCheck{format: output.Table}
	command := &cobra.Command{
		Use:   "check-export FOLDER",
		Short: "Check offline that an export is complete and comes from the log",
		Long: `Compares an export with its manifest, without a platform: sizes, hashes and counts, and
that each commit matches the request. In the JSON lines, it checks the hash of each
commit and of the one before, and the proof that the commit is in the history of the
manifest's checkpoint. The other files must agree with the JSON lines.

The checkpoint is verified with what you have from elsewhere: the log's key (--log-key)
or a policy that names logs, witnesses and a quorum (--policy). The output says what
could not be checked. The exit code is 3 if the export does not hold.`,
		Example: "  stafett audit check-export ./evening --log-key log.vkey --services ./signing",
		Args:    cli.Exactly(1),
		RunE:    c.run,
	}
	c.flags(command)
	return command
}

func (c *exportCheck) flags(command *cobra.Command) {
	c.trust.Flags(command)
	command.Flags().StringVar(&c.services, "services", "", "`folder` with the services' public keys (*.pub)")
	command.Flags().VarP(&c.format, "output", "o", "table, json or jsonl")
}

func (c *exportCheck) run(command *cobra.Command, args []string) error {
	trust, err := c.open()
	if err != nil {
		return cli.Usage(err)
	}
	checked, err := checkExport(command.Context(), args[0], trust)
	found := foundIn(args[0], checked, trust, err)
	if c.format != output.Table {
		return errors.Join(output.Value(command.OutOrStdout(), c.format, found), err)
	}
	if err != nil {
		return err
	}
	return found.show(command.OutOrStdout())
}

// checkExport distinguishes a mistyped folder from an export that fails the check.
func checkExport(ctx context.Context, folder string, trust export.Trust) (export.Checked, error) {
	if _, err := os.Stat(folder); err != nil {
		return export.Checked{}, cli.Usage(err)
	}
	checked, err := export.Check(ctx, folder, trust)
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("%w: %w", cli.ErrUntrue, err)
	}
	return checked, err
}

func (c *exportCheck) open() (trust export.Trust, err error) {
	if c.trust.Given() {
		if trust.Policy, err = c.trust.Open(); err != nil {
			return trust, err
		}
	}
	if c.services != "" {
		trust.Services, err = evidence.Services(c.services)
	}
	return trust, err
}
