package keys

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

func listCommand(clock clockwork.Clock) *cobra.Command {
	format := output.Table
	var as *cli.Caller
	command := &cobra.Command{
		Use:   "list LINE",
		Short: "List the published keys of a line",
		Long: `Lists the keys of a line that can still matter, oldest first, with their positions in the log. JSON output is
the API's PublishedKey.`,
		Example: "  stafett keys list brus -o json",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			keys, err := listed(command.Context(), as, cli.LineName(args[0]))
			if err != nil {
				return err
			}
			if format != output.Table {
				return output.Messages(command.OutOrStdout(), format, keys)
			}
			return table(command.OutOrStdout(), keys, clock.Now())
		},
	}
	as = cli.AsLine(command, clock)
	command.Flags().VarP(&format, "output", "o", "table, json or jsonl")
	return command
}

func listed(ctx context.Context, as *cli.Caller, line string) (keys []*routingv1.PublishedKey, err error) {
	request := &routingv1.ListLineKeysRequest{Parent: line, PageSize: 500}
	err = as.Ask(ctx, func(ctx context.Context, p *client.Platform) error {
		for {
			page, err := p.Keys.ListLineKeys(ctx, request)
			if err != nil {
				return err
			}
			keys = append(keys, page.Keys...)
			if request.PageToken = page.NextPageToken; request.PageToken == "" {
				return nil
			}
		}
	})
	return keys, err
}

func table(out io.Writer, keys []*routingv1.PublishedKey, now time.Time) error {
	if len(keys) == 0 {
		return told(out, "no keys\n")
	}
	var rows [][]string
	for _, key := range keys {
		stated := &sealv1.LineKey{}
		if err := proto.Unmarshal(key.Key.GetKey(), stated); err != nil {
			return fmt.Errorf("key %x cannot be read: %w", key.Id, err)
		}
		rows = append(rows, []string{
			use(stated.Use), state(key, stated, now), stated.NotAfter.AsTime().UTC().Format(time.RFC3339), fmt.Sprint(key.Position), hex.EncodeToString(key.Id),
		})
	}
	return output.Rows(out, []string{"USE", "STATE", "UNTIL", "POSITION", "KEY"}, rows)
}

func use(u sealv1.KeyUse) string {
	return strings.ToLower(strings.TrimPrefix(u.String(), "KEY_USE_"))
}

func state(key *routingv1.PublishedKey, stated *sealv1.LineKey, now time.Time) string {
	switch {
	case key.Revocation != handoverv1.KeyRevocation_KEY_REVOCATION_UNSPECIFIED:
		return "revoked: " + strings.TrimPrefix(key.Revocation.String(), "KEY_REVOCATION_")
	case key.Retired:
		return "retired"
	case !now.Before(stated.NotAfter.AsTime()):
		return "over"
	}
	return "in use"
}
