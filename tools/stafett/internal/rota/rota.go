// Package rota holds the commands that show and change who staffs a line.
package rota

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/rota"
	"github.com/stafett/stafett/pkg/yamlread"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/linesview"
)

// day is what two weeks and the like are counted in. Clocks may make one an hour longer.
const day = 24 * time.Hour

func Command(clock clockwork.Clock) *cobra.Command {
	return cli.Group("rota", "Show and change who staffs a line",
		checkCommand(), applyCommand(clock), showCommand(clock),
		sickCommand(clock), wellCommand(clock), coverCommand(clock), swapCommand(clock),
		exportCommand(clock), fileCommand(clock), importCommand(clock))
}

func checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE",
		Short: "Check a rota file offline",
		Long: `Checks a rota and reports every mistake with its position and what to write instead. With mistakes
the exit code is 1.`,
		Example: "  stafett rota check brus.yaml",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			return checkRota(command.OutOrStdout(), args[0])
		},
	}
}

func checkRota(out io.Writer, path string) error {
	text, err := yamlread.Load(path)
	if err != nil {
		return cli.Mistaken(err)
	}
	r, err := rota.Parse(filepath.Base(path), text)
	if err != nil {
		return err
	}
	first, last := r.Dates()
	fmt.Fprintf(out, "%s is valid: rota of %s, %s, from %s to %s in %s\n", path, r.Line(), cli.Plural(len(r.Units()), "unit"), first, last, r.Zone())
	if _, err := cli.LoadAtMost(path, mostRotaBytes); err != nil {
		fmt.Fprintf(out, "  warning: %v\n", err)
	}
	return nil
}

// recordedRota is a line's rota on the platform.
func recordedRota(ctx context.Context, p *client.Platform, line string, position uint64) (*statev1.Rota, *rota.Rota, error) {
	found, err := p.Directory.GetRota(ctx, &routingv1.GetRotaRequest{Name: line + "/rota", MinPosition: position})
	if err != nil {
		return nil, nil, err
	}
	if found.File == "" {
		return nil, nil, cli.Usagef("the rota of %s is not shown to other lines, only its shifts; see \"stafett rota show\"", cli.LineID(line))
	}
	recorded := &statev1.Rota{File: found.File, Changes: found.Changes}
	r, err := rota.Of(recorded)
	return recorded, r, err
}

// shiftsFrom returns the shifts of a rota between two instants, in the API's form.
func shiftsFrom(r *rota.Rota, from, until time.Time) (shifts []*handoverv1.Shift) {
	for _, shift := range r.Parts(from, until) {
		shifts = append(shifts, r.Proto(shift))
	}
	return shifts
}

// caller is who asks about a rota.
type caller struct{ *cli.Caller }

func asLine(command *cobra.Command, clock clockwork.Clock) caller {
	return caller{cli.AsLine(command, clock)}
}

func (c caller) view() linesview.View { return linesview.For(c.Caller) }
