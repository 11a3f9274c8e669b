// Package keys holds the commands with which a line looks after its keys.
package keys

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/sealing"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/platform"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
)

// Command is the group of these commands.
func Command(clock clockwork.Clock) *cobra.Command {
	return cli.Group("keys", "Look after the keys of a line",
		listCommand(clock), publishCommand(clock), rotateCommand(clock), retireCommand(clock), revokeCommand(clock),
		sharesCommand(clock), restoreCommand(clock), trustCommand(clock))
}

// own is a line that acts with its keys, which are beside its certificate.
type own struct{ *cli.Caller }

func asOwn(command *cobra.Command, clock clockwork.Clock) own {
	return own{cli.AsLine(command, clock)}
}

func (o own) credentials() (client.Credentials, error) {
	if o.Line == "" {
		return client.Credentials{}, cli.Usagef("keys belong to a line; say which with --as LINE")
	}
	_, identity, err := o.Target.Find()
	return platform.Credentials(identity, "line", cli.LineID(o.Line)), err
}

// with does something with the line's system.
func (o own) with(ctx context.Context, what func(context.Context, *sealing.System) error) error {
	files, err := o.credentials()
	if err != nil {
		return err
	}
	return o.Ask(ctx, func(ctx context.Context, p *client.Platform) error {
		system, err := sealing.Load(p, files, o.Clock.Now)
		if err != nil {
			return err
		}
		return what(ctx, system)
	})
}

func publishCommand(clock clockwork.Clock) *cobra.Command {
	var o own
	startOver := false
	command := &cobra.Command{
		Use:   "publish",
		Short: "Publish the keys of a line, and make them if there are none",
		Long: `Publishes the line's signing key and its newest sealing key, unless the log has them. A sealing key that is
a day old is replaced, and one that nobody may use any more is destroyed. Run it once a day.

If the log has a key of the line that is not here, nothing is granted. If the line has lost that key, or
never had it, --start-over revokes it.`,
		Example: "  stafett keys publish --as brus",
		Args:    cli.Exactly(0),
		RunE: func(command *cobra.Command, _ []string) error {
			return o.with(command.Context(), func(ctx context.Context, system *sealing.System) error {
				if startOver {
					return system.StartOver(ctx, handoverv1.KeyRevocation_KEY_REVOCATION_NOT_OURS)
				}
				return system.Publish(ctx)
			})
		},
	}
	o = asOwn(command, clock)
	command.Flags().BoolVar(&startOver, "start-over", false, "revoke every key of the line that is not here")
	return command
}

func rotateCommand(clock clockwork.Clock) *cobra.Command {
	var o own
	command := &cobra.Command{
		Use:     "rotate",
		Short:   "Replace the sealing key of a line now",
		Example: "  stafett keys rotate --as brus",
		Args:    cli.Exactly(0),
		RunE: func(command *cobra.Command, _ []string) error {
			return o.with(command.Context(), func(ctx context.Context, system *sealing.System) error { return system.Rotate(ctx) })
		},
	}
	o = asOwn(command, clock)
	return command
}

func retireCommand(clock clockwork.Clock) *cobra.Command {
	var o own
	command := &cobra.Command{
		Use:     "retire KEY",
		Short:   "Destroy a sealing key that was replaced",
		Long:    `Destroys the private part of a sealing key, and records that. What was granted to it and not opened stays closed.`,
		Example: "  stafett keys retire 1f0a... --as brus",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			id, err := readKey(args[0])
			if err != nil {
				return err
			}
			return o.with(command.Context(), func(ctx context.Context, system *sealing.System) error {
				return system.Retire(ctx, id)
			})
		},
	}
	o = asOwn(command, clock)
	return command
}

func revokeCommand(clock clockwork.Clock) *cobra.Command {
	var reason string
	var as *cli.Caller
	command := &cobra.Command{
		Use:   "revoke LINE KEY",
		Short: "Revoke a key of a line at once",
		Long: `Nothing is sealed to a revoked key any more, and nothing that it signs counts. The reasons are
COMPROMISED, LOST and NOT_OURS.`,
		Example: "  stafett keys revoke brus 1f0a... --reason COMPROMISED --as brus",
		Args:    cli.Exactly(2),
		RunE: func(command *cobra.Command, args []string) error {
			request, err := revoking(args[0], args[1], reason)
			if err != nil {
				return err
			}
			return as.Ask(command.Context(), func(ctx context.Context, p *client.Platform) error {
				done, err := p.Keys.RevokeLineKey(ctx, request)
				if err == nil {
					fmt.Fprintf(command.OutOrStdout(), "revoked, at position %d of the log\n", done.Recorded.Position)
				}
				return err
			})
		},
	}
	as = cli.AsLine(command, clock)
	command.Flags().StringVar(&reason, "reason", "", "`reason` for revoking")
	return command
}

func revoking(line, key, reason string) (*routingv1.RevokeLineKeyRequest, error) {
	id, err := readKey(key)
	if err != nil {
		return nil, err
	}
	if err := cli.Given("reason", reason, "COMPROMISED"); err != nil {
		return nil, err
	}
	code, err := cli.ReadCode("reason", reason, "KEY_REVOCATION_", handoverv1.KeyRevocation_name, int32(handoverv1.KeyRevocation_KEY_REVOCATION_COMPROMISED))
	return &routingv1.RevokeLineKeyRequest{
		RequestId: uuid.NewString(), Line: cli.LineName(line), Key: id, Reason: handoverv1.KeyRevocation(code),
	}, err
}

func readKey(text string) ([]byte, error) {
	id, err := hex.DecodeString(text)
	if err != nil || len(id) != 32 {
		return nil, cli.Usagef("%q is not the id of a key, which has 64 hexadecimal digits; see \"stafett keys list\"", text)
	}
	return id, nil
}

func told(out io.Writer, format string, args ...any) error {
	_, err := fmt.Fprintf(out, format, args...)
	return err
}
