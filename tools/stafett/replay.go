package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/handover"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/internal/connect"
	"github.com/stafett/stafett/tools/internal/output"
	"github.com/stafett/stafett/tools/internal/story/history"
	"github.com/stafett/stafett/tools/internal/timeline"
)

// answerWithin is how long a platform may take to tell a conversation.
const answerWithin = 10 * time.Second

func replayCommand() *cobra.Command {
	format := output.Table
	var target connect.Target
	var zone string
	command := &cobra.Command{
		Use:   "replay CONVERSATION",
		Short: "Show what happened in a conversation, when, and who had custody",
		Long: `Replays a conversation from the history, as an auditor. The history holds no
content: it tells who did what, with which codes, and never what was said.`,
		Example: "  stafett replay conversations/0b6f5ce03c9a4d1f8a7e6d5c4b3a2918\n  stafett replay -o jsonl conversations/0b6f5ce03c9a4d1f8a7e6d5c4b3a2918",
		Args:    arguments(cobra.ExactArgs(1)),
		RunE: func(command *cobra.Command, args []string) error {
			location, err := time.LoadLocation(zone)
			if err != nil {
				return usageError{fmt.Errorf("--zone %s: write an IANA name such as Europe/Oslo", zone)}
			}
			conversation := handover.ConversationName(strings.TrimPrefix(args[0], "conversations/"))
			ctx, cancel := context.WithTimeout(command.Context(), answerWithin)
			defer cancel()
			appends, err := replay(ctx, target, conversation)
			if err != nil {
				return err
			}
			return show(command.OutOrStdout(), format, appends, location)
		},
	}
	flags := command.Flags()
	flags.VarP(&format, "output", "o", "table, json or jsonl")
	target.Flags(flags, "stafett-data")
	command.MarkFlagsMutuallyExclusive("data", "identity")
	flags.StringVar(&zone, "zone", "Europe/Oslo", "time `zone` for the table")
	return command
}

func show(out io.Writer, format output.Format, appends []*auditv1.StoredAppend, zone *time.Location) error {
	if format == output.Table {
		return timeline.Print(out, appends, zone)
	}
	return output.Messages(out, format, appends)
}

// replay reads a whole conversation.
func replay(ctx context.Context, target connect.Target, conversation string) ([]*auditv1.StoredAppend, error) {
	platform, err := target.As("auditor", "auditor")
	if err != nil {
		return nil, err
	}
	defer platform.Close()
	return history.Replay(ctx, platform.Audit, &auditv1.ReplayAppendsRequest{Conversation: conversation, Purpose: history.Exercise()})
}
