package rota

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/rota"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

// mostRotaBytes is how large a rota the platform takes.
const mostRotaBytes = 48 << 10

// shownDays is how far ahead the shifts of a new file are compared with those before.
const shownDays = 28

// rotaApplying says how a rota is applied.
type rotaApplying struct {
	caller
	yes, dry bool
}

func applyCommand(clock clockwork.Clock) *cobra.Command {
	a := &rotaApplying{}
	command := &cobra.Command{
		Use:   "apply FILE",
		Short: "Apply a rota file to its line",
		Long: `Shows which shifts of the next four weeks change, asks, and publishes the file. Earlier changes
(covers, swaps, sickness) are not carried over to a new file; "stafett rota file" writes one
that includes them.`,
		Example: "  stafett rota apply brus.yaml --dry-run",
		Args:    cli.Exactly(1),
		RunE:    func(command *cobra.Command, args []string) error { return a.run(command, args[0]) },
	}
	a.caller = asLine(command, clock)
	cli.AgreementFlags(command, &a.yes, &a.dry)
	return command
}

func (a *rotaApplying) run(command *cobra.Command, path string) error {
	text, err := cli.LoadAtMost(path, mostRotaBytes)
	if err != nil {
		return err
	}
	wanted, published, err := rota.Published(filepath.Base(path), text)
	if err != nil {
		return err
	}
	line := cli.LineName(wanted.Line())
	before, err := a.before(command.Context(), line)
	if err != nil {
		return err
	}
	out := command.OutOrStdout()
	if before.GetFile() == published {
		fmt.Fprintf(out, "nothing differs: %s has this rota already, with %s\n", cli.LineID(line), cli.Plural(len(before.GetChanges()), "change"))
		return nil
	}
	if err := a.show(out, before, wanted); err != nil || a.dry {
		return err
	}
	if err := cli.Agree(command, a.yes); err != nil {
		return err
	}
	return a.publish(command.Context(), out, &routingv1.ApplyRotaRequest{
		RequestId: uuid.NewString(), Line: line, File: []byte(published), FileName: filepath.Base(path),
	})
}

// before is the line's rota, or nil where it has none.
func (a *rotaApplying) before(ctx context.Context, line string) (recorded *statev1.Rota, err error) {
	err = a.Ask(ctx, func(ctx context.Context, p *client.Platform) error {
		recorded, _, err = recordedRota(ctx, p, line, 0)
		if client.Reason(err) == "ROTA_MISSING" {
			return nil
		}
		return err
	})
	return recorded, err
}

// show tells what becomes of the shifts to come.
func (a *rotaApplying) show(out io.Writer, before *statev1.Rota, wanted *rota.Rota) error {
	now := a.Clock.Now()
	until := now.Add(shownDays * day)
	var had []*handoverv1.Shift
	if before != nil {
		r, err := rota.Of(before)
		if err != nil {
			return err
		}
		had = shiftsFrom(r, now, until)
	}
	differ, err := a.view().ShiftChanges(out, had, shiftsFrom(wanted, now, until), wanted.Zone())
	if err != nil {
		return err
	}
	if !differ {
		fmt.Fprintf(out, "The file differs, but the shifts of the next %d days stay the same.\n", shownDays)
	}
	if count := len(before.GetChanges()); count > 0 {
		fmt.Fprintf(out, "%s to the current rota will be dropped.\n", cli.Plural(count, "change"))
	}
	return nil
}

func (a *rotaApplying) publish(ctx context.Context, out io.Writer, request *routingv1.ApplyRotaRequest) error {
	return a.Ask(ctx, func(ctx context.Context, p *client.Platform) error {
		done, err := p.Directory.ApplyRota(ctx, request)
		if err == nil {
			fmt.Fprintf(out, "applied, at position %d of the log\n", done.Recorded.Position)
		}
		return err
	})
}
