package decisionview_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/directory"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/tools/stafett/internal/decisionview"
	"github.com/stafett/stafett/tools/stafett/internal/wording"
)

// TestLinesThatAreNoCandidates: in a large directory they are told by what they failed.
func TestLinesThatAreNoCandidates(t *testing.T) {
	decision := &routingv1.RoutingDecision{
		Candidates: []*routingv1.Candidate{{Line: "lines/first", Failed: []handoverv1.Verdict{handoverv1.Verdict_VERDICT_CLOSED}}},
		Others: []*routingv1.LineGroup{
			{Failed: []handoverv1.Verdict{handoverv1.Verdict_VERDICT_AGE, handoverv1.Verdict_VERDICT_TOPIC}, Count: 3, Lines: []string{"lines/second", "lines/third"}},
			{Count: 1, Lines: []string{"lines/fourth"}},
		},
	}
	for _, test := range []struct {
		why  bool
		want string
	}{
		{false, "\n5 others may not be asked; --explain says why.\n"},
		{true, `
May not be asked:
   first
     - is closed, or nobody knows whether it is open
   3 more: second, third, and others
     - is for other ages
     - is for other topics
   1 more: fourth
     - may be asked, but enough others suit better
`},
	} {
		var out strings.Builder
		reader := decisionview.Reader{Lang: wording.In("en"), Zone: time.UTC, Lines: directory.New(nil), Why: test.why}
		if err := reader.Decision(&out, decision); err != nil || !strings.HasSuffix(out.String(), test.want) {
			t.Errorf("%v, want at its end%s\ngot\n%s", err, test.want, &out)
		}
	}
}
