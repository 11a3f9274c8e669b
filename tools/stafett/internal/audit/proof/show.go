package proof

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/verify/check"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

func showReport(out io.Writer, format output.Format, report *check.Report) error {
	if format == output.Table {
		printReport(out, report)
	} else if err := output.Value(out, format, report); err != nil {
		return err
	}
	if !report.Holds() {
		return fmt.Errorf("the history %w: %d findings, the first at %s", cli.ErrUntrue, report.Found, positionName(report.First))
	}
	return nil
}

func printReport(out io.Writer, report *check.Report) {
	if report.Origin != "" {
		fmt.Fprintf(out, "%s, %d commits, root %s\n", report.Origin, report.Size, report.Root)
	}
	for _, name := range slices.Sorted(maps.Keys(report.Cosigned)) {
		fmt.Fprintf(out, "  cosigned by %s at %s\n", name, report.Cosigned[name].Format(time.RFC3339))
	}
	for _, r := range report.Recovered {
		fmt.Fprintf(out, "  recovered at position %d: the first %d commits, with root %s, are those of the earlier log %s; %d of its commits are not here\n", r.Position, r.SameUntil, r.Root, r.LogKey, r.LeftOut)
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
		fmt.Fprintln(out, "no problem found in what was checked")
	}
}

func positionName(position int64) string {
	if position == 0 {
		return "no single position"
	}
	return fmt.Sprintf("position %d", position)
}
