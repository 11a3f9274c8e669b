package lines

import (
	"fmt"
	"io"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/directory/openinghours"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

// longAssured is how long somebody's word on a line's facts counts.
const longAssured = 365 * 24 * time.Hour

func checkCommand(clock clockwork.Clock) *cobra.Command {
	var topics string
	command := &cobra.Command{
		Use:   "check FILE",
		Short: "Check a file of lines offline",
		Long: `Checks a file of lines and reports every mistake with its position and what to write
instead. With mistakes the exit code is 1. What is valid but doubtful is a warning.`,
		Example: "  stafett lines check lines.yaml",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			return checkLines(command.OutOrStdout(), args[0], topics, clock.Now())
		},
	}
	topicsFlag(command, &topics)
	return command
}

// topicsFlag is for commands that read a file of lines.
func topicsFlag(command *cobra.Command, path *string) {
	command.Flags().StringVar(path, "topics", "", "YAML `file` with your own topics, in addition to the built-in ones")
}

func checkLines(out io.Writer, path, topics string, now time.Time) error {
	lines, err := linesIn(path, topics)
	if err != nil {
		return cli.Mistaken(err)
	}
	fmt.Fprintf(out, "%s is valid: %s\n", path, cli.Plural(len(lines), "line"))
	if _, err := cli.LoadAtMost(path, mostLinesBytes); err != nil {
		fmt.Fprintf(out, "  warning: %v\n", err)
	}
	for _, line := range lines {
		for _, doubt := range doubts(line, now) {
			fmt.Fprintf(out, "  warning: %s: %s\n", directory.ID(line), doubt)
		}
	}
	return nil
}

// linesIn are the lines of a file, for the topics that ship and those of another file.
func linesIn(path, topics string) ([]*handoverv1.Line, error) {
	known, err := cli.ReadTopics(topics)
	if err != nil {
		return nil, err
	}
	return cli.ReadLines(path, known)
}

// doubts are what is allowed, and yet may not be meant.
func doubts(line *handoverv1.Line, now time.Time) (all []string) {
	if day, err := time.Parse(time.DateOnly, line.GetAssuredDate()); err == nil {
		if now.Sub(day) > longAssured {
			all = append(all, "it was last checked on "+line.GetAssuredDate()+"; check it again and update assured_date")
		}
		if day.After(now) {
			all = append(all, "assured_date "+line.GetAssuredDate()+" is in the future; use the day of the last check")
		}
	}
	if line.GetExample() {
		all = append(all, "its hours are an example; find out the real ones before children are sent there")
	}
	if line.GetStatus() > handoverv1.LineStatus_LINE_STATUS_ACTIVE {
		return all
	}
	for _, hours := range line.GetHours() {
		if _, opens := openinghours.NextOpen(line, hours.GetChannel(), now); !opens {
			all = append(all, channelWord(hours.GetChannel())+" does not open within two weeks; if that is intended, set status: temporarily closed")
		}
	}
	return all
}
