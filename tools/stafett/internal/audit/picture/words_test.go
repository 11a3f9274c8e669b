package picture

import (
	"strings"
	"testing"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestEveryStateHasWords in every language, but for those that something else tells.
func TestEveryStateHasWords(t *testing.T) {
	told := map[handoverv1.HandoverState]bool{
		handoverv1.HandoverState_HANDOVER_STATE_UNSPECIFIED: true,
		handoverv1.HandoverState_HANDOVER_STATE_ACCEPTED:    true, // by the offer
		handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED: true, // by custody
	}
	for number, name := range handoverv1.HandoverState_name {
		if told[handoverv1.HandoverState(number)] == (texts["handovers"][name] != nil) {
			t.Errorf("%s has the text %v", name, texts["handovers"][name])
		}
	}
	for state, words := range texts["offers"] {
		for lang, text := range words {
			if strings.Count(text, "%s") != 1 {
				t.Errorf("%s in %s is %q", state, lang, text)
			}
		}
	}
}
