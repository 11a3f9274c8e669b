package audit

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/encoding/protojson"

	auditv1 "github.com/stafett/stafett/proto/stafett/audit/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
	"github.com/stafett/stafett/tools/stafett/internal/audit/reader"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/output"
)

type stateOf struct {
	reader.Reader
	reader.AsOf
	format output.Format
}

func stateCommand() *cobra.Command {
	s := stateOf{format: output.Table}
	command := &cobra.Command{
		Use:   "state NAME",
		Short: "Show a conversation or a line as of a time",
		Long: `Replays the history of a conversation (conversations/ID) or a line (lines/ID) up to a time
or a position. The result is, byte for byte, the state that the services used then. The
table shows the main facts, JSON all of them.`,
		Example: "  stafett audit state conversations/0b6f5ce03c9a4d1f8a7e6d5c4b3a2918 --at \"2026-03-03 19:52\" --purpose incident",
		Args:    cli.Exactly(1),
		RunE:    s.run,
	}
	s.Reader.Flags(command)
	s.AsOf.Flags(command)
	command.Flags().VarP(&s.format, "output", "o", "table, json or jsonl")
	return command
}

func (s *stateOf) run(command *cobra.Command, args []string) error {
	request, err := s.StateRequest(args[0], s.AsOf)
	if err != nil {
		return err
	}
	platform, err := s.Connect()
	if err != nil {
		return err
	}
	defer platform.Close()
	state, err := platform.Audit.GetState(command.Context(), request)
	if err != nil {
		return err
	}
	return showState(command.OutOrStdout(), s.format, state, s.Zone)
}

func showState(out io.Writer, format output.Format, state *auditv1.GetStateResponse, zone string) error {
	if format != output.Table {
		text, err := protojson.MarshalOptions{Multiline: format == output.JSON}.Marshal(state)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%s\n", text)
		return err
	}
	location, err := time.LoadLocation(zone)
	if err != nil {
		return err
	}
	return output.Columns(out, "", stateFacts(state, location))
}

func stateFacts(r *auditv1.GetStateResponse, zone *time.Location) [][]string {
	since := r.RecordTime.AsTime().In(zone).Format("2006-01-02 15:04:05.000") + " " + zone.String()
	if line := r.GetLine(); line != nil {
		return [][]string{{"line", line.GetLine().GetName()}, {"since", since}, {"position", fmt.Sprint(line.HeadPosition)},
			{"facts", fmt.Sprintf("recorded %d times", line.Commits)}}
	}
	s := r.GetConversation()
	c := s.GetConversation()
	facts := [][]string{{"conversation", c.GetName()}, {"since", since}, {"position", fmt.Sprint(s.GetHeadPosition())},
		{"custody", custodyFact(c)},
		{"risk", strings.TrimPrefix(c.GetAssessment().GetRisk().String(), "RISK_LEVEL_")}, {"topics", strings.Join(c.GetAssessment().GetTags(), " ")}}
	for _, p := range c.GetParticipants() {
		if p.Present && c.CloseTime == nil {
			facts = append(facts, []string{"present", fmt.Sprintf("%s (%s, %s)", p.Id, p.Line, strings.ToLower(strings.TrimPrefix(p.Role.String(), "ROLE_")))})
		}
	}
	for i, h := range c.GetHandovers() {
		facts = append(facts, []string{fmt.Sprintf("handover %d", i+1), strings.TrimPrefix(h.State.String(), "HANDOVER_STATE_")})
		for _, o := range h.Offers {
			facts = append(facts, []string{"  offer", o.Line + " " + strings.TrimPrefix(o.State.String(), "OFFER_STATE_")})
		}
	}
	return facts
}

// custodyFact says who has custody, or that the conversation is closed.
func custodyFact(c *statev1.Conversation) string {
	if c.GetCustody().GetLine() == "" {
		return fmt.Sprintf("ended, with epoch %d", c.GetCustody().GetEpoch())
	}
	return fmt.Sprintf("%s, epoch %d", c.Custody.Line, c.Custody.Epoch)
}
