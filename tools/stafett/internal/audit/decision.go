package audit

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/directory"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/view"
	"github.com/stafett/stafett/pkg/i18n"
	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/tools/stafett/internal/audit/reader"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/decisionview"
	"github.com/stafett/stafett/tools/stafett/internal/output"
	"github.com/stafett/stafett/tools/stafett/internal/wording"
)

type decided struct {
	reader.Reader
	reader.AsOf
	format output.Format
	lang   wording.Language
}

func decisionCommand() *cobra.Command {
	d := &decided{format: output.Table, lang: wording.In(i18n.English)}
	command := &cobra.Command{
		Use:   "decision HANDOVER",
		Short: "Show the recorded routing decision of a handover",
		Long: `Shows the decision that was recorded when lines were chosen for a handover: the child's needs, the
version of the rules, the ranked lines, and every rule that the other lines failed, followed by what
became of each offer. It is read from the history, not recomputed; only the names of lines are
current. --at shows the decision as of that time.`,
		Example: "  stafett audit decision conversations/0b6f5ce03c9a4d1f8a7e6d5c4b3a2918/handovers/1 --purpose complaint",
		Args:    cli.Exactly(1),
		RunE: func(command *cobra.Command, args []string) error {
			return d.run(command.Context(), command.OutOrStdout(), args[0])
		},
	}
	d.Reader.Flags(command)
	d.AsOf.Flags(command)
	command.Flags().Var(&d.lang, "lang", "nb, da or en")
	command.Flags().VarP(&d.format, "output", "o", "table, json or jsonl")
	return command
}

func (d *decided) run(ctx context.Context, out io.Writer, name string) error {
	place, err := handover.ParseName(reader.ConversationName(name))
	if err != nil || place.Handover == 0 || place.Offer != 0 {
		return cli.Usagef("%q is not a handover; use for example conversations/0b6f5ce03c9a4d1f8a7e6d5c4b3a2918/handovers/1", name)
	}
	request, err := d.StateRequest(handover.ConversationName(place.Conversation), d.AsOf)
	if err != nil {
		return err
	}
	platform, err := d.Connect()
	if err != nil {
		return err
	}
	defer platform.Close()
	state, err := platform.Audit.GetState(ctx, request)
	if err != nil {
		return err
	}
	h, err := decidedIn(state, place)
	if err != nil {
		return err
	}
	if d.format != output.Table {
		return output.Messages(out, d.format, []*handoverv1.RoutingDecision{h.Routing})
	}
	return d.tell(ctx, out, platform, h)
}

// decidedIn finds the handover in a state for which lines were chosen.
func decidedIn(state *auditv1.GetStateResponse, place handover.ResourceName) (*statev1.Handover, error) {
	name := handover.HandoverName(handover.ConversationName(place.Conversation), place.Handover)
	all := state.GetConversation().GetConversation().GetHandovers()
	if int(place.Handover) > len(all) {
		return nil, fmt.Errorf("there is no %s; the conversation has %s", name, cli.Plural(len(all), "handover"))
	}
	h := all[place.Handover-1]
	if h.Routing == nil {
		return nil, fmt.Errorf("no line was chosen for %s, which is %s; see \"stafett audit replay\"", name, strings.TrimPrefix(h.State.String(), "HANDOVER_STATE_"))
	}
	return h, nil
}

func (d *decided) tell(ctx context.Context, out io.Writer, platform *client.Platform, h *statev1.Handover) error {
	lines, err := cli.AllLines(ctx, platform)
	if err != nil {
		return err
	}
	zone, err := d.Location()
	if err != nil {
		return err
	}
	reader := decisionview.Reader{Lang: d.lang, Zone: zone, Lines: directory.New(lines), Why: true}
	if err := reader.Decision(out, view.Decision(h.Routing)); err != nil || len(h.Offers) == 0 {
		return err
	}
	fmt.Fprintln(out)
	return output.Rows(out, []string{"OFFER", "LINE", "STATE", "WHY", "SENT"}, offerRows(h.Offers, zone))
}

// offerRows describe how the offers ended. One that was never sent says why.
func offerRows(offers []*statev1.Offer, zone *time.Location) (rows [][]string) {
	for i, o := range offers {
		why, sent := "", ""
		if o.PassReason != 0 {
			why = strings.TrimPrefix(o.PassReason.String(), "PASS_REASON_")
		}
		if o.DeclineCode != 0 {
			why = strings.TrimPrefix(o.DeclineCode.String(), "DECLINE_CODE_")
		}
		if o.CreateTime != nil {
			sent = o.CreateTime.AsTime().In(zone).Format("2006-01-02 15:04:05")
		}
		rows = append(rows, []string{fmt.Sprint(i + 1), o.Line, strings.TrimPrefix(o.State.String(), "OFFER_STATE_"), why, sent})
	}
	return rows
}
