package server

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/services/recovery"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

func RecoverCommand() *cobra.Command {
	var data, checkpoint string
	var yes, dry bool
	command := &cobra.Command{
		Use:   "recover",
		Short: "Open a new log in place of one that is damaged",
		Long: `Reads a log that lost commits which were signed or acknowledged, or that holds what no
service wrote, and says what is missing. If you agree, it opens a new log with every
commit that can be kept, so that each open conversation goes on as it was, and with one
more that commits to the earlier log. The earlier folder is moved aside, untouched: it is
evidence. The new log has a name and a key of its own: give them to witnesses and auditors.

Restore a complete copy instead if there is one. Stop the platform first.`,
		Example: "  stafett recover --data ./stafett-data --checkpoint kept.checkpoint --dry-run\n  stafett recover --data ./stafett-data --yes",
		Args:    cli.Exactly(0),
		RunE: func(command *cobra.Command, _ []string) (err error) {
			kept, err := readCheckpoint(checkpoint)
			if err != nil {
				return err
			}
			r, err := recovery.Read(command.Context(), data, kept)
			if err != nil {
				return err
			}
			defer r.Close()
			tellRecovery(command.OutOrStdout(), r)
			if dry || !r.Needed() {
				return nil
			}
			if err := cli.Agree(command, yes); err != nil {
				return err
			}
			evidence, err := r.Open(command.Context(), time.Now())
			if err != nil {
				return err
			}
			fmt.Fprintf(command.OutOrStdout(), "the new log is in %s; the earlier one is kept in %s\nstart the platform, and give audit/log.vkey to witnesses and auditors%s\n", data, evidence, alsoAccesses(r))
			return nil
		},
	}
	flags := command.Flags()
	flags.StringVar(&data, "data", "stafett-data", "data `folder`")
	flags.StringVar(&checkpoint, "checkpoint", "", checkpointUsage)
	cli.AgreementFlags(command, &yes, &dry)
	return command
}

func alsoAccesses(r *recovery.Recovery) string {
	if r.Event.Accesses == nil {
		return ""
	}
	return ", and audit/accesses/log.vkey, which is made when audit starts"
}

// tellRecovery says what is kept, what is missing and whom it concerns.
func tellRecovery(out io.Writer, r *recovery.Recovery) {
	fmt.Fprintf(out, "the log has %d positions; %d commits can be kept, the last recorded at %s\n", r.Event.LastPosition, r.Kept, r.KeptTime.Local().Format(time.RFC3339))
	for _, contradiction := range r.Contradicted {
		fmt.Fprintln(out, "  contradicted:", contradiction)
	}
	for _, left := range r.Event.LeftOut {
		fmt.Fprintf(out, "  position %d %s %s\n", left.Position, why[left.Reason], concerned(left.Subject))
	}
	if more := r.Event.LeftOutCount - uint64(len(r.Event.LeftOut)); more > 0 {
		fmt.Fprintf(out, "  and %d more\n", more)
	}
	if affected := affectedBy(r.Event); len(affected) > 0 {
		fmt.Fprintln(out, "go through with their lines, because something of them is missing:", strings.Join(affected, ", "))
	}
	if lost := r.Event.GetAccesses(); lost != nil {
		fmt.Fprintf(out, "the access log had %d positions; %d accesses can be kept, and %d cannot: who read the history then is not known any more\n", lost.LastPosition, r.KeptAccesses, lost.LeftOutCount)
	}
	if !r.Needed() {
		fmt.Fprintln(out, "nothing is missing, and nothing contradicts it: no new log is needed")
	}
}

var why = map[eventv1.LeftOutReason]string{
	eventv1.LeftOutReason_LEFT_OUT_REASON_LOST:      "is lost",
	eventv1.LeftOutReason_LEFT_OUT_REASON_FOREIGN:   "was not written by any service like this",
	eventv1.LeftOutReason_LEFT_OUT_REASON_UNFOUNDED: "builds on a commit that is lost or was altered",
}

func concerned(subject string) string {
	if subject == "" {
		return "(what it concerns is not known)"
	}
	return "(" + resource(subject) + ")"
}

// resource is the name of what a subject belongs to.
func resource(subject string) string {
	return strings.NewReplacer("stafett.conversation.", "conversations/", "stafett.line.", "lines/").Replace(subject)
}

func affectedBy(e *eventv1.LogRecovered) (names []string) {
	for _, left := range e.LeftOut {
		if left.Subject != "" {
			names = append(names, resource(left.Subject))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
