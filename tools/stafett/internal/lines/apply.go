package lines

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/linesview"
)

// mostLinesBytes is how large a file of lines the platform takes.
const mostLinesBytes = 240 << 10

// applying says how a file is applied.
type applying struct {
	caller
	remove, yes, dry bool
}

func applyCommand(clock clockwork.Clock) *cobra.Command {
	a := &applying{}
	command := &cobra.Command{
		Use:   "apply FILE",
		Short: "Apply a lines file to the directory",
		Long: `Shows the differences, asks, and publishes them: + added, ~ changed, - removed.
Lines that are not in the file are kept, unless --remove-missing is given.

A platform accepts 240 KiB at once. Split a larger file and apply the parts one by one: without
--remove-missing, a part may name lines of parts that were applied before.`,
		Example: "  stafett lines apply lines.yaml --dry-run\n  stafett lines apply lines.yaml --yes",
		Args:    cli.Exactly(1),
		RunE:    func(command *cobra.Command, args []string) error { return a.run(command, args[0]) },
	}
	a.caller = caller{cli.AsOperator(command, clock)}
	command.Flags().BoolVar(&a.remove, "remove-missing", false, "remove lines that are not in the file from the directory")
	cli.AgreementFlags(command, &a.yes, &a.dry)
	return command
}

func (a *applying) run(command *cobra.Command, path string) error {
	text, err := cli.LoadAtMost(path, mostLinesBytes)
	if err != nil {
		return err
	}
	request := &routingv1.ApplyLinesRequest{File: text, FileName: filepath.Base(path), RemoveMissing: a.remove, ValidateOnly: true}
	ctx, out := command.Context(), command.OutOrStdout()
	planned, err := a.send(ctx, request)
	if err != nil {
		return err
	}
	if len(planned.Changes) == 0 {
		fmt.Fprintln(out, "nothing differs")
		return nil
	}
	if err := linesview.Changes(out, planned.Changes); err != nil || a.dry {
		return err
	}
	if err := cli.Agree(command, a.yes); err != nil {
		return err
	}
	request.ValidateOnly = false
	done, err := a.send(ctx, request)
	if err != nil {
		return err
	}
	return a.tell(out, path, planned, done)
}

func (a *applying) send(ctx context.Context, request *routingv1.ApplyLinesRequest) (response *routingv1.ApplyLinesResponse, err error) {
	request.RequestId = uuid.NewString()
	err = a.Ask(ctx, func(ctx context.Context, p *client.Platform) error {
		response, err = p.Directory.ApplyLines(ctx, request)
		return err
	})
	return response, err
}

// tell says what was done, above all where that is something else than was shown.
func (a *applying) tell(out io.Writer, path string, planned, done *routingv1.ApplyLinesResponse) error {
	if !slices.EqualFunc(planned.Changes, done.Changes, func(a, b *routingv1.LineChange) bool { return proto.Equal(a, b) }) {
		fmt.Fprintln(out, "\nThe directory has changed meanwhile. This is what was applied:")
		if err := linesview.Changes(out, done.Changes); err != nil {
			return err
		}
	}
	if len(done.Changes) == 0 {
		fmt.Fprintln(out, "nothing differs any more")
		return nil
	}
	fmt.Fprintf(out, "applied, at position %d of the log\n", done.Position)
	if slices.ContainsFunc(done.Changes, added) {
		fmt.Fprintf(out, "A new line needs a certificate:\n  stafett certify --platform %s --lines %s\n", a.Folder(), path)
	}
	return nil
}

func added(change *routingv1.LineChange) bool {
	return change.GetKind() == routingv1.LineChangeKind_LINE_CHANGE_KIND_ADDED
}
