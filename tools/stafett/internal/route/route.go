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
		Short: "Say which lines may be asked for a child, and why not the others",
		Long: `Makes the decision that a handover would make, without effect. With --explain it tells why each
line comes where it does, and every rule that each of the others fails. With --lines it ranks the
lines of a file, without a platform: then nobody has closed at short notice and no rota counts.
There --rules tries out rules of your own.
As json and jsonl it gives the decision, and then the slots, as the API has them.`,
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
	flags.StringVar(&r.Line, "from", "", "the `line` that hands over, and asks with its own certificate; the operator asks if not given")
	flags.Var(&r.Lang, "lang", "nb, da or en")
	flags.VarP(&r.format, "output", "o", "table, json or jsonl")
	flags.BoolVar(&r.why, "explain", false, "tell why, and why not the others")
	flags.BoolVar(&r.slots, "slots", false, "tell the next times that suit as well")
	flags.StringVar(&r.at, "at", "", `the `+"`time`"+` to look at; now if not given: 21:00 for today in --zone, "2026-11-23 21:00" there, or RFC 3339`)
	flags.StringVar(&r.zone, "zone", "", "time `zone` of the child's clock; the sending line's, or Europe/Oslo, if not given")
	flags.StringVar(&r.lines, "lines", "", "YAML `file` of lines to rank, instead of a platform")
	flags.StringVar(&r.ownTopics, "own-topics", "", "with --lines: YAML `file` with topics of your own, besides those that ship")
	flags.StringVar(&r.ownRules, "rules", "", "with --lines: YAML `file` with rules of your own, instead of those that ship")
	flags.BoolVar(&r.assumeSeats, "assume-seats", false, "with --lines: count every line as having free seats")
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
		return time.Time{}, nil, cli.Usagef("--from %s: there is no such line; see \"stafett lines list\"", r.Line)
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
