package rota

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/rota"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

func exportCommand(clock clockwork.Clock) *cobra.Command {
	var from, until, to string
	var as caller
	command := &cobra.Command{
		Use:     "export LINE",
		Short:   "Export shifts as an iCalendar file",
		Example: "  stafett rota export brus --lang da -o brus.ics",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			return as.Ask(command.Context(), func(ctx context.Context, p *client.Platform) error {
				_, r, err := recordedRota(ctx, p, cli.LineName(args[0]), 0)
				if err != nil {
					return err
				}
				begin, end, err := as.stretch(from, until, r.Zone(), 91*day)
				if err != nil {
					return err
				}
				var text bytes.Buffer
				if err := r.Export(&text, begin, end, as.Lang.String(), clock.Now()); err != nil {
					return err
				}
				return cli.Save(command.OutOrStdout(), to, text.Bytes())
			})
		},
	}
	as = asLine(command, clock)
	command.Flags().StringVarP(&to, "output", "o", "", "`file` to write; default: standard output")
	stretchFlags(command, &from, &until, "13 weeks later")
	return command
}

// mostChanges is how many the platform makes at once.
const mostChanges = 400

// importing says how a calendar is read into a rota.
type importing struct {
	caller
	by       string
	yes, dry bool
}

func importCommand(clock clockwork.Clock) *cobra.Command {
	i := &importing{}
	command := &cobra.Command{
		Use:   "import LINE FILE",
		Short: "Import shifts from an iCalendar file",
		Long: `Shows which shifts change, asks, and covers them: all or none. Days without an event in the
calendar are not changed. The summary of an event is the name of a unit, or "nobody".`,
		Example: "  stafett rota import brus brus.ics --by a-lindholm --dry-run",
		Args:    cli.Exactly(2),
		RunE: func(command *cobra.Command, args []string) error {
			return i.run(command, cli.LineName(args[0]), args[1])
		},
	}
	i.caller = asLine(command, clock)
	byFlag(command, &i.by)
	cli.AgreementFlags(command, &i.yes, &i.dry)
	return command
}

func (i *importing) run(command *cobra.Command, line, path string) error {
	if err := signed(i.by); err != nil {
		return err
	}
	text, err := yamlread.Load(path)
	if err != nil {
		return cli.Mistaken(err)
	}
	ctx, out := command.Context(), command.OutOrStdout()
	var before *rota.Rota
	if err := i.Ask(ctx, func(ctx context.Context, p *client.Platform) error {
		_, before, err = recordedRota(ctx, p, line, 0)
		return err
	}); err != nil {
		return err
	}
	now := i.Clock.Now()
	done, err := before.Import(filepath.Base(path), text, now)
	if err != nil {
		return err
	}
	tellEvents(out, done.Events)
	covers := done.Covers
	switch {
	case len(covers) == 0:
		fmt.Fprintln(out, "nothing differs")
		return nil
	case len(covers) > mostChanges:
		return cli.Usagef("%s changes %d shifts; at most %d can change at once: import fewer days", path, len(covers), mostChanges)
	}
	if err := i.show(out, before, covers, now); err != nil || i.dry {
		return err
	}
	if err := cli.Agree(command, i.yes); err != nil {
		return err
	}
	return i.Ask(ctx, func(ctx context.Context, p *client.Platform) error {
		return i.change(ctx, p, out, line, covers)
	})
}

// show tells what the covers make of the shifts.
func (i *importing) show(out io.Writer, before *rota.Rota, covers []rota.Cover, now time.Time) error {
	var changes []rota.Change
	until := now
	for _, cover := range covers {
		if cover.Until.After(until) {
			until = cover.Until
		}
		changes = append(changes, rota.Change{At: now, By: i.by, Action: cover})
	}
	after, err := before.With(changes...)
	if err != nil {
		return err
	}
	_, err = i.compare(out, before, after, until)
	return err
}

func (i *importing) change(ctx context.Context, p *client.Platform, out io.Writer, line string, covers []rota.Cover) error {
	done, err := p.Directory.ChangeRota(ctx, &routingv1.ChangeRotaRequest{RequestId: uuid.NewString(), Line: line, Changes: i.changes(covers)})
	if err == nil {
		fmt.Fprintf(out, "changed, at position %d of the log\n", done.Recorded.Position)
	}
	return err
}

// changes converts covers to the API's form.
func (i *importing) changes(covers []rota.Cover) (changes []*handoverv1.RotaChange) {
	for _, cover := range covers {
		changes = append(changes, &handoverv1.RotaChange{By: i.by, Action: &handoverv1.RotaChange_Cover{Cover: &handoverv1.RotaCover{
			Date: cover.Date.String(), Unit: string(cover.Unit),
			StartTime: timestamppb.New(cover.From), EndTime: timestamppb.New(cover.Until),
		}}})
	}
	return changes
}
