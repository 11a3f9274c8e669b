package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/internal/export"
	"github.com/stafett/stafett/tools/internal/replay"
)

func auditExportCommand() *cobra.Command {
	s := selection{}
	var into, formats string
	command := &cobra.Command{
		Use:   "export [CONVERSATION]",
		Short: "Write a part of the history into files that other programs read",
		Long: `Writes what "stafett audit replay" would show into a new folder: as JSON lines, CSV,
Parquet and CloudEvents, with a manifest that says what must be in it. docs/exports.md
explains the columns. Check a folder with "stafett audit check-export".`,
		Example: "  stafett audit export --from \"2026-03-03 17:00\" --to \"2026-03-03 23:00\" --into ./evening --purpose supervision",
		Args:    arguments(cobra.MaximumNArgs(1)),
		RunE: func(command *cobra.Command, args []string) error {
			request, err := s.request(args)
			if err != nil {
				return err
			}
			request.WithPayload = true
			if into == "" {
				return usageError{errors.New("--into: name a new folder for the export")}
			}
			wanted, err := export.ParseFormats(formats)
			if err != nil {
				return usageError{fmt.Errorf("--format %w", err)}
			}
			m, err := s.export(command.Context(), request, into, wanted)
			if err != nil {
				return err
			}
			return showManifest(command.OutOrStdout(), into, m)
		},
	}
	s.flags(command)
	command.Flags().StringVar(&into, "into", "", "new `folder` to write to")
	command.Flags().StringVar(&formats, "format", "jsonl,csv,parquet,cloudevents", "`formats`, with commas")
	return command
}

func (s *selection) export(ctx context.Context, request *auditv1.ReplayAppendsRequest, into string, formats []export.Format) (export.Manifest, error) {
	platform, err := s.connect()
	if err != nil {
		return export.Manifest{}, err
	}
	defer platform.Close()
	e, err := export.Create(into, formats)
	if err != nil {
		return export.Manifest{}, err
	}
	position, err := replay.Each(ctx, platform.Audit, request, e.Add)
	if err != nil {
		return export.Manifest{}, errors.Join(err, e.Abandon())
	}
	made := about(request, s.purpose)
	made.Checkpoint = checkpointOver(ctx, platform, position)
	return e.Finish(made, position)
}

// publishedWithin is how long an export waits for a checkpoint that covers it: some are
// published every second.
const publishedWithin = 5 * time.Second

// checkpointOver is the checkpoint that covers a position, or nothing where none is
// published in time.
func checkpointOver(ctx context.Context, platform *client.Platform, position uint64) (checkpoint string) {
	ctx, cancel := context.WithTimeout(ctx, publishedWithin)
	defer cancel()
	_ = client.Retry(ctx, func(ctx context.Context) error {
		published, err := platform.Audit.GetCheckpoint(ctx, &auditv1.GetCheckpointRequest{MinPosition: position})
		checkpoint = published.GetCheckpoint()
		return err
	})
	return checkpoint
}

func about(r *auditv1.ReplayAppendsRequest, purpose string) export.About {
	return export.About{
		MakeTime: time.Now(), Purpose: purpose, CaseReference: r.Purpose.CaseReference,
		Conversation: r.Conversation, Line: r.Line, WithConversations: r.WithConversations, EventTypes: r.EventTypes,
		AfterPosition: r.AfterPosition, StartTime: asTime(r.StartTime), EndTime: asTime(r.EndTime),
	}
}

func showManifest(out io.Writer, folder string, m export.Manifest) error {
	_, err := fmt.Fprintf(out, "%d appends with %d events, from position %d to %d, in %s\n", m.Appends, m.Events, m.FirstPosition, m.LastPosition, folder)
	if err == nil && m.Checkpoint == "" {
		_, err = fmt.Fprintln(out, "  no checkpoint covers it yet, so nothing proves later which log it was made from")
	}
	for _, file := range m.Files {
		if err == nil {
			_, err = fmt.Fprintf(out, "  %-20s %8d rows  %10d bytes  sha256 %s\n", file.Name, file.Rows, file.Bytes, file.SHA256)
		}
	}
	return err
}

func auditCheckExportCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check-export FOLDER",
		Short: "Check offline that an export is whole",
		Long: `Compares the files of an export with its manifest: sizes, hashes and counts, and in
the JSON lines that each append has the hash of its bytes and of the one before it. It
needs no platform. It does not tell whether the appends are those of the log.`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(command *cobra.Command, args []string) error {
			checked, err := export.Check(args[0])
			if err != nil {
				return err
			}
			return showChecked(command.OutOrStdout(), args[0], checked)
		},
	}
}

func showChecked(out io.Writer, folder string, checked export.Checked) error {
	if err := showManifest(out, folder, checked.Manifest); err != nil {
		return err
	}
	chain := "each append has the hash of its bytes, and of the one before it where both are here"
	if !checked.Chained {
		chain = "NOT CHECKED: whether the appends follow each other, because there are no JSON lines"
	}
	_, err := fmt.Fprintf(out, "the files are those of the manifest, whole\n%s\nNOT CHECKED: whether these are all appends of the log, and unchanged\n", chain)
	return err
}
