package rota

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/rota"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

// changing says who changes a rota, and when the change holds.
type changing struct {
	caller
	by, from, until string
}

// changeCommand is a command that makes one change. Zone is the rota's.
func changeCommand(clock clockwork.Clock, command *cobra.Command, args int, change func(c *changing, args []string, zone *time.Location) (*handoverv1.RotaChange, error)) (*cobra.Command, *changing) {
	c := &changing{}
	command.Args = cli.Exactly(args)
	command.RunE = func(command *cobra.Command, args []string) error {
		if err := signed(c.by); err != nil {
			return err
		}
		return c.Ask(command.Context(), func(ctx context.Context, p *client.Platform) error {
			line := cli.LineName(args[0])
			_, before, err := recordedRota(ctx, p, line, 0)
			if err != nil {
				return err
			}
			made, err := change(c, args[1:], before.Zone())
			if err != nil {
				return err
			}
			made.By = c.by
			return c.change(ctx, p, command.OutOrStdout(), line, before, []*handoverv1.RotaChange{made})
		})
	}
	c.caller = asLine(command, clock)
	byFlag(command, &c.by)
	return command, c
}

func byFlag(command *cobra.Command, by *string) {
	command.Flags().StringVar(by, "by", "", "`pseudonym` of the person who makes the change")
}

// pseudonymPattern is that of everybody whom a line names.
var pseudonymPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,62}$`)

// signed refuses a change of a rota without an author, or with an author's real name.
func signed(by string) error {
	if err := cli.Given("by", by, "a-lindholm"); err != nil {
		return err
	}
	if !pseudonymPattern.MatchString(by) {
		return cli.Usagef("--by %s: use a pseudonym of a to z, 0 to 9, _ and -, such as a-lindholm", by)
	}
	return nil
}

// change makes changes, and prints the shifts that differ.
func (c caller) change(ctx context.Context, p *client.Platform, out io.Writer, line string, before *rota.Rota, changes []*handoverv1.RotaChange) error {
	done, err := p.Directory.ChangeRota(ctx, &routingv1.ChangeRotaRequest{RequestId: uuid.NewString(), Line: line, Changes: changes})
	if err != nil {
		return err
	}
	_, after, err := recordedRota(ctx, p, line, done.Recorded.Position)
	if err != nil {
		return err
	}
	differ, err := c.compare(out, before, after, c.Clock.Now().Add(mostDays*day))
	if err != nil {
		return err
	}
	if !differ {
		fmt.Fprintf(out, "The shifts of the next %d days stay as they are.\n", mostDays)
	}
	fmt.Fprintf(out, "changed, at position %d of the log\n", done.Recorded.Position)
	return nil
}

// compare prints the shifts that two rotas of a line have otherwise until an instant. It
// begins a day ago: what was before now is the same in both, but a shift that holds may
// have been divided.
func (c caller) compare(out io.Writer, before, after *rota.Rota, until time.Time) (bool, error) {
	from := c.Clock.Now().Add(-day)
	return c.view().ShiftChanges(out, shiftsFrom(before, from, until), shiftsFrom(after, from, until), after.Zone())
}
