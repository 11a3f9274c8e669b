package audit

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/timestamppb"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	"github.com/stafett/stafett/tools/internal/replay"
	"github.com/stafett/stafett/tools/stafett/internal/audit/reader"
	"github.com/stafett/stafett/tools/stafett/internal/audit/report"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

func reportCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "report",
		Short: "Report custody, or figures of a period",
		Args:  cli.Exactly(0),
		RunE:  func(command *cobra.Command, _ []string) error { return command.Help() },
	}
	command.AddCommand(reportCustodyCommand(), reportFiguresCommand())
	return command
}

// period is the time that a report covers.
type period struct {
	reader.Reader
	from, to string
	format   output.Format
}

func (p *period) flags(command *cobra.Command) {
	p.format = output.Table
	p.Reader.Flags(command)
	p.bounds(command, "before this `time`; default: now")
	command.Flags().VarP(&p.format, "output", "o", "table, json or jsonl")
}

// bounds adds the flags of the period.
func (p *period) bounds(command *cobra.Command, to string) {
	flags := command.Flags()
	flags.StringVar(&p.from, "from", "", "from this `time`, such as \"2026-03-03 17:00\"")
	flags.StringVar(&p.to, "to", "", to)
}

// times parses the two times; a zero time means unbounded.
func (p *period) times() (from, to time.Time, err error) {
	zone, err := p.Location()
	if err == nil && p.from != "" {
		from, err = reader.Instant("from", p.from, zone)
	}
	if err == nil && p.to != "" {
		to, err = reader.Instant("to", p.to, zone)
	}
	if err == nil && from.After(time.Now()) {
		err = cli.Usagef("--from %q is in the future; use an earlier time", p.from)
	}
	if err == nil && !to.IsZero() && !from.Before(to) {
		err = cli.Usagef("--from must be before --to; give the earlier first")
	}
	return from, to, err
}

// read passes on the commits of the period that a report needs.
func (p *period) read(ctx context.Context, conversation string, events []string, from, to time.Time, each func(*auditv1.StoredCommit) error) error {
	purpose, err := p.Stated()
	if err != nil {
		return err
	}
	request := &auditv1.ReplayCommitsRequest{
		Conversation: conversation, EventTypes: events, Purpose: purpose, StartTime: timestamp(from), EndTime: timestamp(to),
	}
	platform, err := p.Connect()
	if err != nil {
		return err
	}
	defer platform.Close()
	_, err = replay.Each(ctx, platform.Audit, request, each)
	return err
}

// timestamp returns nil for the zero time, which means unbounded.
func timestamp(at time.Time) *timestamppb.Timestamp {
	if at.IsZero() {
		return nil
	}
	return timestamppb.New(at)
}

// custody reads the custody ledger from the beginning of the history: the line that has
// custody at the start of the period received it earlier.
func (p *period) custody(ctx context.Context, conversation string, to time.Time) (*report.Custody, error) {
	ledger := &report.Custody{}
	return ledger, p.read(ctx, conversation, report.CustodyEvents, time.Time{}, to, ledger.Add)
}

func reportCustodyCommand() *cobra.Command {
	p := period{}
	command := &cobra.Command{
		Use:   "custody [CONVERSATION]",
		Short: "List which line had custody of which conversation, and when",
		Args:  cli.AtMost(1),
		RunE: func(command *cobra.Command, args []string) error {
			from, to, err := p.times()
			if err != nil {
				return err
			}
			conversation := ""
			if len(args) > 0 {
				conversation = reader.ConversationName(args[0])
			}
			ledger, err := p.custody(command.Context(), conversation, to)
			if err != nil {
				return err
			}
			return p.showStretches(command.OutOrStdout(), ledger.Stretches(from, to))
		},
	}
	p.flags(command)
	return command
}

func (p *period) showStretches(out io.Writer, stretches []*report.Stretch) error {
	if p.format != output.Table {
		return output.Values(out, p.format, stretches)
	}
	zone, err := p.Location()
	if err != nil {
		return err
	}
	var rows [][]string
	for _, s := range stretches {
		to, took := "still", ""
		if s.To != nil {
			to, took = s.To.In(zone).Format("2006-01-02 15:04:05"), s.To.Sub(s.From).Round(time.Second).String()
		}
		rows = append(rows, []string{s.Conversation, fmt.Sprint(s.Epoch), s.Line, s.From.In(zone).Format("2006-01-02 15:04:05"), to, took})
	}
	return output.Rows(out, []string{"CONVERSATION", "EPOCH", "LINE", "FROM, " + zone.String(), "TO", "FOR"}, rows)
}
