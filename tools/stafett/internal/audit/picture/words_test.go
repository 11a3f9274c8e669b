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
		words := handoverWords[handoverv1.HandoverState(number)]
		for i, language := range Languages {
			if (words[i] == "") != told[handoverv1.HandoverState(number)] {
				t.Errorf("%s has %q in %s", name, words[i], language)
			}
		}
	}
	for state, words := range offerWords {
		for _, text := range words {
			if strings.Count(text, "%s") != 1 {
				t.Errorf("%s is called %q", state, text)
			}
		}
	}
}
