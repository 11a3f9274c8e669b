package play

import (
	"testing"

	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/tools/internal/story"
)

// TestAStoryMayNameTheFormerReason, but no other.
func TestAStoryMayNameTheFormerReason(t *testing.T) {
	err := refusal.LegPending("no").GRPCStatus().Err()
	for expected, want := range map[string]bool{"LEG_PENDING": true, "TICKET_INVALID": true, "FIELD_INVALID": false} {
		if got := judge(&story.Step{Refused: expected}, err, &Scene{}); (got == nil) != want {
			t.Errorf("expecting %s: %v", expected, got)
		}
	}
	for reason, before := range former {
		for _, name := range []string{reason, before} {
			if handoverv1.RefusalReason_value["REFUSAL_REASON_"+name] == 0 {
				t.Errorf("%s is unknown", name)
			}
		}
	}
}
