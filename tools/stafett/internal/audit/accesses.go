package audit

import (
	"context"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/spf13/cobra"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	"github.com/stafett/stafett/tools/stafett/internal/audit/reader"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

type listing struct {
	reader.Reader
	format output.Format
}

func accessesCommand() *cobra.Command {
	l := listing{format: output.Table}
	command := &cobra.Command{
		Use:   "accesses [CONVERSATION]",
		Short: "Show who read the history, when and why",
		Long: `Lists the access log, oldest first, and checks that each entry follows the one before.
This read is logged too. With a conversation, it shows who read that one, including
those who read several.`,
		Example: "  stafett audit accesses --purpose supervision",
		Args:    cli.AtMost(1),
		RunE:    l.run,
	}
	l.Flags(command)
	command.Flags().VarP(&l.format, "output", "o", "table, json or jsonl")
	return command
}

func (l *listing) run(command *cobra.Command, args []string) error {
	zone, err := l.Location()
	if err != nil {
		return err
	}
	conversation := ""
	if len(args) > 0 {
		conversation = reader.ConversationName(args[0])
	}
	all, err := l.accesses(command.Context(), conversation)
	if err != nil {
		return err
	}
	if l.format != output.Table {
		return output.Messages(command.OutOrStdout(), l.format, all)
	}
	return showAccesses(command.OutOrStdout(), all, zone)
}

func (l *listing) accesses(ctx context.Context, conversation string) ([]*auditv1.StoredCommit, error) {
	purpose, err := l.Stated()
	if err != nil {
		return nil, err
	}
	platform, err := l.Connect()
	if err != nil {
		return nil, err
	}
	defer platform.Close()
	return listAccesses(ctx, platform.Audit, purpose, conversation)
}

func showAccesses(out io.Writer, all []*auditv1.StoredCommit, zone *time.Location) error {
	var rows [][]string
	for _, stored := range all {
		a := stored.Commit
		recorded := a.Events[0].GetAccessRecorded()
		purpose := recorded.GetPurpose()
		rows = append(rows, []string{fmt.Sprint(stored.Position), a.RecordTime.AsTime().In(zone).Format("2006-01-02 15:04:05"), path.Base(a.Caller),
			a.Command, strings.TrimPrefix(purpose.GetCode().String(), reader.PurposePrefix), purpose.GetCaseReference(), asked(recorded.GetReading(), zone)})
	}
	return output.Rows(out, []string{"NUMBER", "TIME, " + zone.String(), "WHO", "COMMAND", "PURPOSE", "CASE", "ASKED FOR"}, rows)
}

// asked summarizes what a reading asked for.
func asked(r *eventv1.Reading, zone *time.Location) string {
	told := []string{}
	add := func(given bool, text string) {
		if given {
			told = append(told, text)
		}
	}
	add(r.GetAccesses(), "who read")
	add(!r.GetAccesses() && r.GetConversation() == "" && r.GetLine() == "", "everything")
	add(r.GetConversation() != "", r.GetConversation())
	add(r.GetLine() != "", r.GetLine())
	add(r.GetWithConversations(), "with conversations")
	add(len(r.GetEventTypes()) > 0, strings.Join(r.GetEventTypes(), ","))
	add(r.GetAfterPosition() > 0, fmt.Sprint("after ", r.GetAfterPosition()))
	add(r.GetUntilPosition() > 0, fmt.Sprint("until ", r.GetUntilPosition()))
	add(r.GetStartTime() != nil, "from "+r.GetStartTime().AsTime().In(zone).Format(time.RFC3339))
	add(r.GetEndTime() != nil, "to "+r.GetEndTime().AsTime().In(zone).Format(time.RFC3339))
	add(r.GetFollow(), "and what comes")
	return strings.Join(told, " ")
}
