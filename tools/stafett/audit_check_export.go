package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/tools/internal/evidence"
	"github.com/stafett/stafett/tools/internal/export"
)

// exportCheck is what the command line says about the check of an export.
type exportCheck struct {
	trust    evidence.Trust
	services string
}

func auditCheckExportCommand() *cobra.Command {
	c := exportCheck{}
	command := &cobra.Command{
		Use:   "check-export FOLDER",
		Short: "Check offline that an export is whole, and that it is the log's",
		Long: `Compares the files of an export with its manifest: sizes, hashes and counts, and in
the JSON lines that each append has the hash of its bytes and of the one before it, and
that the history of the manifest's checkpoint has it at its position. It needs no
platform.

Whose checkpoint that is, is checked with what you have from elsewhere: the log's key
(--log-key) or a policy that names logs, witnesses and a quorum (--policy). It says what
it did not check for want of means.`,
		Example: "  stafett audit check-export ./evening --log-key log.vkey --services ./signing",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE:    c.run,
	}
	c.flags(command)
	return command
}

func (c *exportCheck) flags(command *cobra.Command) {
	trustFlags(command, &c.trust)
	command.Flags().StringVar(&c.services, "services", "", "`folder` with the services' public keys (*.pub)")
}

func (c *exportCheck) run(command *cobra.Command, args []string) error {
	trust, err := c.open()
	if err != nil {
		return usageError{err}
	}
	checked, err := export.Check(args[0], trust)
	if err != nil {
		return err
	}
	return showChecked(command.OutOrStdout(), args[0], checked, trust)
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

func showChecked(out io.Writer, folder string, checked export.Checked, trust export.Trust) error {
	if err := showManifest(out, folder, checked.Manifest); err != nil {
		return err
	}
	for _, line := range said(checked, trust) {
		if _, err := fmt.Fprintln(out, line); err != nil {
			return err
		}
	}
	return nil
}

// said tells what was checked and what was not.
func said(checked export.Checked, trust export.Trust) (lines []string) {
	either := func(yes bool, what, not string) {
		if !yes {
			what = "NOT CHECKED: " + not
		}
		lines = append(lines, what)
	}
	proved, witnessed := checked.Proved != nil, trust.Policy != nil && trust.Policy.NeedsWitnesses()
	either(true, "the files are those of the manifest, whole", "")
	either(checked.Chained, "each append has the hash of its bytes, and of the one before it where both are here",
		"whether the appends follow each other, because there are no JSON lines")
	either(proved, "each append is where it says in the history that the checkpoint tells of"+name(checked),
		"whether the appends are a log's, and unchanged: nothing here proves it")
	either(proved && trust.Policy != nil, "that checkpoint is signed with the log's key", "whose history that is: give --log-key or --policy")
	either(proved && witnessed, "enough witnesses cosigned it", "whether others were shown another history: give a --policy that names witnesses")
	either(checked.Chained && trust.Services != nil, "each append is signed by its service", "who appended: it needs --services and JSON lines")
	either(checked.Complete, "no append is missing between the two positions", "whether these are all appends of the log that were asked for")
	if len(checked.Manifest.Files) > 1 {
		either(false, "", "whether CSV, Parquet and CloudEvents say what the JSON lines say")
	}
	return lines
}

// name says which history it is.
func name(checked export.Checked) string {
	if checked.Proved == nil {
		return ""
	}
	return fmt.Sprintf(": %s, %d appends, root %s", checked.Proved.Origin, checked.Proved.Size, checked.Proved.Root)
}
