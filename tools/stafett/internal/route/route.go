// Package route shows which lines may be asked for a child, and why not the others.
package route

import (
	"cmp"
	"context"
	"io"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/directory"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/decisionview"
	"github.com/stafett/stafett/tools/stafett/internal/localtime"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

// routing says what is asked of the rules, and how the answer is told.
type routing struct {
	*cli.Caller
	need        needed
	format      output.Format
	why, slots  bool
	at, zone    string
	lines       string // a file to rank, instead of a platform's directory
	ownTopics   string // a file, besides those that ship
	ownRules    string // a file, instead of those that ship
	assumeSeats bool
}

func Command(clock clockwork.Clock) *cobra.Command {
	r := &routing{format: output.Table}
	command := &cobra.Command{
		Use:   "route",
		Short: "Rank the lines for a child's needs, with reasons",
		Long: `Makes the routing decision of a handover, without recording it. --explain shows why each line has
its rank, and every rule that the other lines fail. --lines ranks the lines of a file, without a
platform: short-notice closures and rotas are ignored, and --rules tries out your own rules.
JSON output has the API's RoutingDecision, followed by its slots.`,
		Example: "  stafett route --explain --topics V.physical --channel chat --ages 13-15 --language nb\n" +
			"  stafett route --explain --lines lines.yaml --assume-seats --from alarmtelefonen --topics MH --channel chat --at 21:30",
		Args: cli.Exactly(0),
		RunE: func(command *cobra.Command, _ []string) error { return r.run(command.Context(), command.OutOrStdout()) },
	}
	r.Caller = cli.AsOperator(command, clock)
	r.flags(command)
	return command
}

func (r *routing) flags(command *cobra.Command) {
	flags := command.Flags()
	r.need.flags(flags)
	flags.StringVar(&r.Line, "from", "", "the `line` that hands over; acts with its certificate; default: the operator")
	flags.Var(&r.Lang, "lang", "nb, da or en")
	flags.VarP(&r.format, "output", "o", "table, json or jsonl")
	flags.BoolVar(&r.why, "explain", false, "show the reasons, also for the lines that are left out")
	flags.BoolVar(&r.slots, "slots", false, "also show the next suitable times")
	flags.StringVar(&r.at, "at", "", `the `+"`time`"+` of the decision: 21:00 (today in --zone), "2026-11-23 21:00", or RFC 3339; default: now`)
	flags.StringVar(&r.zone, "zone", "", "the child's time `zone`; default: that of the sending line, or Europe/Oslo")
	flags.StringVar(&r.lines, "lines", "", "YAML `file` of lines to rank instead of a platform's")
	flags.StringVar(&r.ownTopics, "own-topics", "", "with --lines: YAML `file` with your own topics, in addition to the built-in ones")
	flags.StringVar(&r.ownRules, "rules", "", "with --lines: YAML `file` with your own rules, instead of the built-in ones")
	flags.BoolVar(&r.assumeSeats, "assume-seats", false, "with --lines: assume that every line has free seats")
}

// answer is a decision with the lines that it was made over.
type answer struct {
	all      *directory.Directory
	zone     *time.Location
	decision *routingv1.RoutingDecision
	slots    []*routingv1.LocalSlot
}

func (r *routing) run(ctx context.Context, out io.Writer) error {
	need, err := r.need.read()
	if err != nil {
		return err
	}
	if r.lines == "" && (r.assumeSeats || r.ownTopics != "" || r.ownRules != "") {
		return cli.Usagef("--assume-seats, --own-topics and --rules are for --lines; a platform knows its seats, topics and rules")
	}
	decided := r.onPlatform
	if r.lines != "" {
		decided = r.offline
	}
	found, err := decided(ctx, need)
	if err != nil {
		return err
	}
	if r.format == output.Table {
		return r.tell(out, found)
	}
	messages := []proto.Message{found.decision}
	for _, slot := range found.slots {
		messages = append(messages, slot)
	}
	return output.Messages(out, r.format, messages)
}

func (r *routing) tell(out io.Writer, found *answer) error {
	reader := decisionview.Reader{Lang: r.Lang, Zone: found.zone, Lines: found.all, Why: r.why}
	if err := reader.Decision(out, found.decision); err != nil {
		return err
	}
	if r.lines != "" && !r.assumeSeats {
		if err := reader.SeatsUnknown(out); err != nil {
			return err
		}
	}
	if !r.slots {
		return nil
	}
	return reader.Slots(out, found.slots)
}

// when is the instant that is asked about, and the clock of the child.
func (r *routing) when(all *directory.Directory) (time.Time, *time.Location, error) {
	from := all.Line(cli.LineID(r.Line))
	if r.Line != "" && from == nil {
		return time.Time{}, nil, cli.Usagef("--from %s: no such line; see \"stafett lines list\"", r.Line)
	}
	zone, err := localtime.Zone(cmp.Or(r.zone, from.GetTimeZone(), "Europe/Oslo"))
	if err != nil {
		return time.Time{}, nil, cli.Usagef("--zone: %w", err)
	}
	if r.at == "" {
		return r.Clock.Now(), zone, nil
	}
	at, err := r.Instant("at", r.at, zone)
	return at.AsTime(), zone, err
}
