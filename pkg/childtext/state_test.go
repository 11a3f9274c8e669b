package childtext_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/childtext"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func TestEveryStateAndEveryReturnHasATextOfItsOwn(t *testing.T) {
	known := map[childtext.Key]bool{}
	for _, key := range childtext.Keys() {
		known[key] = true
	}
	check := func(name string, h *handoverv1.Handover) {
		key := childtext.Of(&handoverv1.Conversation{Handovers: []*handoverv1.Handover{h}})
		if !known[key] {
			t.Errorf("%s: nothing is to be told (%q)", name, key)
		}
	}
	for state, name := range handoverv1.HandoverState_name {
		if state != 0 && name != "HANDOVER_STATE_RETURNED" {
			check(name, &handoverv1.Handover{State: handoverv1.HandoverState(state)})
		}
	}
	for reason, name := range handoverv1.ReturnReason_name {
		if reason != 0 {
			check(name, &handoverv1.Handover{
				State: handoverv1.HandoverState_HANDOVER_STATE_RETURNED, ReturnReason: handoverv1.ReturnReason(reason),
			})
		}
	}
}

func TestAChildWhoIsAloneIsToldSoFirst(t *testing.T) {
	c := &handoverv1.Conversation{
		Custody:   &handoverv1.Custody{Line: "a", Epoch: 1, Alerts: 1},
		Handovers: []*handoverv1.Handover{{State: handoverv1.HandoverState_HANDOVER_STATE_BRIDGED}},
	}
	if got := childtext.Of(c); got != childtext.Unattended {
		t.Errorf("told %q", got)
	}
}

func TestWhatIsRepeatedHasVariantsAndIsNotRepeatedItself(t *testing.T) {
	for _, key := range childtext.Keys() {
		again := childtext.Repeated(key)
		if again == "" {
			continue
		}
		first, _ := childtext.Default().Say(again, "nb", childtext.Names{}, 0)
		second, _ := childtext.Default().Say(again, "nb", childtext.Names{}, 1)
		if first == "" || first == second || childtext.Repeated(again) != "" {
			t.Errorf("%s is repeated as %s: %q, then %q", key, again, first, second)
		}
	}
}

func TestWhenIsSaidInTheChildsLanguage(t *testing.T) {
	at := time.Date(2026, 3, 8, 15, 0, 0, 0, time.UTC)
	for tag, want := range map[string]string{
		"nn-NO": "søndag 8. mars kl. 15.00", "da": "søndag den 8. marts kl. 15.00", "so": "on Sunday 8 March at 15:00",
	} {
		if got := childtext.When(at, tag); got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
}
