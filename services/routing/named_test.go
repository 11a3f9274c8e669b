package routing

import (
	"testing"

	"github.com/stafett/stafett/pkg/refusal"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/rpc"
)

func TestCommandsNameLinesOfTheDirectory(t *testing.T) {
	s, _ := open(t)
	for name, c := range map[string]struct {
		request rpc.Command
		want    string
	}{
		"no line":                 {&routingv1.ProposeHandoverRequest{Conversation: "conversations/c"}, "UNSPECIFIED"},
		"candidates":              {&routingv1.ProposeHandoverRequest{Candidates: []string{"lines/second", "lines/first"}}, "UNSPECIFIED"},
		"a candidate twice":       {&routingv1.ProposeHandoverRequest{Candidates: []string{"lines/first", "lines/first"}}, "FIELD_INVALID"},
		"an unknown candidate":    {&routingv1.ProposeHandoverRequest{Candidates: []string{"lines/first", "lines/none"}}, "LINE_NOT_FOUND"},
		"a line within a message": {&routingv1.DeferHandoverRequest{Slot: &routingv1.Slot{Line: "lines/first"}}, "UNSPECIFIED"},
		"an unknown one there":    {&routingv1.DeferHandoverRequest{Slot: &routingv1.Slot{Line: "lines/none"}}, "LINE_NOT_FOUND"},
		"an unknown signpost":     {&routingv1.SignpostHandoverRequest{ToLine: "lines/none"}, "LINE_NOT_FOUND"},
		"an unknown ticket":       {&routingv1.IssueTicketRequest{ToLine: "lines/none"}, "LINE_NOT_FOUND"},
	} {
		err := s.check(logtest.Context(t), c.request)
		if got := refusal.ReasonOf(err).String(); got != "REFUSAL_REASON_"+c.want {
			t.Errorf("%s: checked with %v, want %s", name, err, c.want)
		}
	}
}
