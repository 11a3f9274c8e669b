package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/check"
	"github.com/stafett/stafett/tools/internal/output"
)

// showReport prints what came of a verification.
func showReport(out io.Writer, format output.Format, report *check.Report) error {
	if format == output.Table {
		printReport(out, report)
	} else {
		encoder := json.NewEncoder(out)
		if format == output.JSON {
			encoder.SetIndent("", "  ")
		}
		if err := encoder.Encode(report); err != nil {
			return err
		}
	}
	if !report.Holds() {
		return fmt.Errorf("the history: %w: %d findings, the first at %s", errUntrue, report.Found, positionName(report.First))
	}
	return nil
}

func printReport(out io.Writer, report *check.Report) {
	fmt.Fprintf(out, "%s, %d appends, root %s\n", report.Origin, report.Size, report.Root)
	for _, name := range slices.Sorted(maps.Keys(report.Cosigned)) {
		fmt.Fprintf(out, "  cosigned by %s at %s\n", name, report.Cosigned[name].Format(time.RFC3339))
	}
	for _, f := range report.Findings {
		fmt.Fprintf(out, "  WRONG, %s: %s\n", positionName(f.Position), f.What)
	}
	if more := report.Found - len(report.Findings); more > 0 {
		fmt.Fprintf(out, "  and %d more\n", more)
	}
	for _, checked := range report.Checked {
		fmt.Fprintln(out, "  checked:", checked)
	}
	for _, unchecked := range report.Unchecked {
		fmt.Fprintln(out, "  NOT checked:", unchecked)
	}
	if report.Holds() {
		fmt.Fprintln(out, "nothing is wrong in what was checked")
	}
}

func positionName(position int64) string {
	if position == 0 {
		return "no single position"
	}
	return fmt.Sprintf("position %d", position)
}

// verifyProof verifies the proof of one append, with nothing but the file and
// what is trusted.
func verifyProof(command *cobra.Command, path string, policy *verify.Policy) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return usageError{err}
	}
	proof, err := verify.ParseProof(text)
	if err != nil {
		return fmt.Errorf("%s: %w: %w", path, errUntrue, err)
	}
	m, c, err := proof.Verify(policy)
	if err != nil {
		return fmt.Errorf("%s: %w: %w", path, errUntrue, err)
	}
	out := command.OutOrStdout()
	fmt.Fprintf(out, "position %d of %s, among %d: an append on %s, %d bytes\n", proof.Index+1, c.Origin, c.Size, m.Subject, len(m.Payload))
	if !policy.NeedsWitnesses() {
		fmt.Fprintln(out, "  NOT checked: whether enough witnesses cosigned the checkpoint: give a policy that names witnesses, or others may have been shown another history")
	}
	fmt.Fprintln(out, "  NOT checked: what lies before and after it, who appended it, and what it means")
	fmt.Fprintln(out, "it is in the history")
	return nil
}

// progress shows how far something has come, on a terminal only.
type progress struct {
	out   io.Writer
	what  string
	shown time.Time
}

func newProgress(out io.Writer, what string) *progress {
	if file, ok := out.(*os.File); !ok || !term.IsTerminal(int(file.Fd())) {
		out = nil
	}
	return &progress{out: out, what: what}
}

// often is how often the terminal is written to.
const often = 100 * time.Millisecond

func (p *progress) at(done, all int64) {
	if p.out == nil || time.Since(p.shown) < often {
		return
	}
	p.shown = time.Now()
	fmt.Fprintf(p.out, "\r%d of %d %s (%d%%)   ", done, all, p.what, 100*done/max(all, 1))
}

func (p *progress) end() {
	if p.out != nil {
		fmt.Fprint(p.out, "\r\033[K")
	}
}
