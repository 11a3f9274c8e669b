package audit

import (
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/internal/replay"
	"github.com/stafett/stafett/tools/stafett/internal/audit/reader"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/output"
	"github.com/stafett/stafett/tools/stafett/internal/timeline"
)

type replaying struct {
	reader.Selection
	format output.Format
	follow bool
}

func replayCommand() *cobra.Command {
	r := replaying{format: output.Table}
	command := &cobra.Command{
		Use:   "replay [CONVERSATION]",
		Short: "Show what happened, when, and who had custody",
		Long: `Replays the history of a conversation, a line, a period or the whole platform, as the
flags select. A conversation shown from its beginning includes who had custody.`,
		Example: "  stafett audit replay conversations/0b6f5ce03c9a4d1f8a7e6d5c4b3a2918 --purpose complaint --case 2026/118-3\n" +
			"  stafett audit replay --line alarmtelefonen --from \"2026-03-03 17:00\" --to \"2026-03-03 23:00\" --purpose quality\n" +
			"  stafett audit replay --follow -o jsonl --purpose supervision",
		Args: cli.AtMost(1),
		RunE: r.run,
	}
	r.flags(command)
	return command
}

func (r *replaying) flags(command *cobra.Command) {
	r.Selection.Flags(command)
	command.Flags().VarP(&r.format, "output", "o", "table, json or jsonl")
	command.Flags().BoolVar(&r.follow, "follow", false, "keep showing new commits until interrupted")
}

func (r *replaying) run(command *cobra.Command, args []string) error {
	request, err := r.Request(args)
	if err != nil {
		return err
	}
	if r.follow && r.format == output.JSON {
		return cli.Usagef("-o json is one array, which --follow never completes; use -o jsonl")
	}
	request.Follow = r.follow
	zone, err := r.Location()
	if err != nil {
		return err
	}
	return r.replay(command.Context(), command.OutOrStdout(), request, zone)
}

func (r *replaying) replay(ctx context.Context, out io.Writer, request *auditv1.ReplayCommitsRequest, zone *time.Location) error {
	platform, err := r.Connect()
	if err != nil {
		return err
	}
	defer platform.Close()
	if !streams(request, r.format) {
		commits, err := replay.All(ctx, platform.Audit, request)
		if err != nil {
			return err
		}
		return show(out, r.format, commits, zone)
	}
	_, err = replay.Each(ctx, platform.Audit, request, r.shower(out, zone))
	if ctx.Err() != nil && request.Follow {
		return nil
	}
	return err
}

// shower prints commits one by one.
func (r *replaying) shower(out io.Writer, zone *time.Location) func(*auditv1.StoredCommit) error {
	if r.format == output.Table {
		return timeline.NewList(out, zone).Add
	}
	return func(stored *auditv1.StoredCommit) error {
		return output.Messages(out, r.format, []*auditv1.StoredCommit{stored})
	}
}

// streams reports whether each commit is shown by itself. A single conversation is shown
// as a unit, from its beginning, and a JSON array is closed at the end.
func streams(r *auditv1.ReplayCommitsRequest, format output.Format) bool {
	whole := r.Conversation != "" && r.Line == "" && len(r.EventTypes) == 0 && r.AfterPosition == 0 && r.StartTime == nil && !r.Follow
	return format == output.JSONL || format == output.Table && !whole
}

func show(out io.Writer, format output.Format, commits []*auditv1.StoredCommit, zone *time.Location) error {
	if format == output.Table {
		return timeline.Print(out, commits, zone)
	}
	return output.Messages(out, format, commits)
}
