package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/timestamppb"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/internal/replay"
	"github.com/stafett/stafett/tools/stafett/internal/audit/export"
	"github.com/stafett/stafett/tools/stafett/internal/audit/reader"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

type exporting struct {
	reader.Selection
	into, formats string
	// waits is called when a checkpoint is slow to appear.
	waits func()
}

func exportCommand() *cobra.Command {
	e := exporting{}
	command := &cobra.Command{
		Use:   "export [CONVERSATION]",
		Short: "Export part of the history to files for other programs",
		Long: `Writes what "stafett audit replay" shows into a new folder, as JSON lines, CSV, Parquet
and CloudEvents, with a manifest, and a proof for each commit of the JSON lines that it
is in the log. docs/exports.md explains the columns. Check an export with
"stafett audit check-export".`,
		Example: "  stafett audit export --from \"2026-03-03 17:00\" --to \"2026-03-03 23:00\" --into ./evening --purpose supervision",
		Args:    cli.AtMost(1),
		RunE:    e.run,
	}
	e.flags(command)
	return command
}

func (e *exporting) flags(command *cobra.Command) {
	e.Selection.Flags(command)
	command.Flags().StringVar(&e.into, "into", "", "new `folder` to write to")
	command.Flags().StringVar(&e.formats, "format", "jsonl,csv,parquet,cloudevents", "comma-separated `formats`; excel adds a CSV that Excel opens as it is")
}

func (e *exporting) run(command *cobra.Command, args []string) error {
	request, err := e.Request(args)
	if err != nil {
		return err
	}
	request.WithPayload = true
	if e.into == "" {
		return cli.Usagef("--into: name a new folder for the export")
	}
	formats, err := export.ParseFormats(e.formats)
	if err != nil {
		return cli.Usagef("--format %w", err)
	}
	e.waits = func() {
		fmt.Fprintf(command.ErrOrStderr(), "waiting up to %s for a checkpoint that covers it\n", publishedWithin)
	}
	m, err := e.export(command.Context(), request, formats)
	if err != nil {
		return err
	}
	return showManifest(command.OutOrStdout(), e.into, m)
}

func (e *exporting) export(ctx context.Context, request *auditv1.ReplayCommitsRequest, formats []export.Format) (export.Manifest, error) {
	platform, err := e.Connect()
	if err != nil {
		return export.Manifest{}, err
	}
	defer platform.Close()
	written, err := export.Create(e.into, formats)
	if err != nil {
		return export.Manifest{}, err
	}
	position, err := replay.Each(ctx, platform.Audit, request, written.Add)
	if err != nil {
		return export.Manifest{}, errors.Join(err, written.Abandon())
	}
	made := about(request, e.Purpose)
	if made.Checkpoint, err = e.prove(ctx, platform, written, position); err != nil {
		return export.Manifest{}, errors.Join(err, written.Abandon())
	}
	return written.Finish(made, position)
}

func about(r *auditv1.ReplayCommitsRequest, purpose string) export.About {
	return export.About{
		MakeTime: time.Now(), Purpose: purpose, CaseReference: r.Purpose.CaseReference,
		Conversation: r.Conversation, Line: r.Line, WithConversations: r.WithConversations, EventTypes: r.EventTypes,
		AfterPosition: r.AfterPosition, StartTime: asTime(r.StartTime), EndTime: asTime(r.EndTime),
	}
}

func showManifest(out io.Writer, folder string, m export.Manifest) error {
	_, err := fmt.Fprintf(out, "%d commits with %d events, from position %d to %d, in %s\n", m.Commits, m.Events, m.FirstPosition, m.LastPosition, folder)
	if err == nil && !m.Proved {
		_, err = fmt.Fprintln(out, "  NOT PROVED: no checkpoint covers it yet, audit serves no tiles or is too old, or there are no JSON lines; nothing will prove which log it came from")
	}
	for _, file := range m.Files {
		if err == nil {
			_, err = fmt.Fprintf(out, "  %-20s %8d rows  %10d bytes  sha256 %s\n", file.Name, file.Rows, file.Bytes, file.SHA256)
		}
	}
	return err
}

// asTime converts a timestamp; nil stays nil.
func asTime(at *timestamppb.Timestamp) *time.Time {
	if at == nil {
		return nil
	}
	t := at.AsTime()
	return &t
}
