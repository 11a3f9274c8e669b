package childtext_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/childtext"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

func TestEveryStateAndEveryReturnHasATextOfItsOwn(t *testing.T) {
	known := map[childtext.Key]bool{}
	for _, key := range childtext.Keys() {
		known[key] = true
	}
	check := func(name string, h *statev1.Handover) {
		key := childtext.Of(&statev1.Conversation{Handovers: []*statev1.Handover{h}})
		if !known[key] {
			t.Errorf("%s: nothing is to be told (%q)", name, key)
		}
	}
	for state, name := range handoverv1.HandoverState_name {
		if state != 0 && name != "HANDOVER_STATE_RETURNED" {
			check(name, &statev1.Handover{State: handoverv1.HandoverState(state)})
		}
	}
	for reason, name := range handoverv1.ReturnReason_name {
		if reason != 0 {
			check(name, &statev1.Handover{
				State: returned, ReturnReason: handoverv1.ReturnReason(reason),
			})
		}
	}
}

const (
	returned  = handoverv1.HandoverState_HANDOVER_STATE_RETURNED
	cancelled = handoverv1.HandoverState_HANDOVER_STATE_CANCELLED

	unanswered = handoverv1.ReturnReason_RETURN_REASON_CONSENT_UNANSWERED
	spent      = handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT
	hopLimit   = handoverv1.ReturnReason_RETURN_REASON_HOP_LIMIT
)

// TestTheEndThatAChildIsTold varies why a handover ended and how far it had come.
func TestTheEndThatAChildIsTold(t *testing.T) {
	asked := &statev1.Consent{Asked: []handoverv1.Scope{handoverv1.Scope_SCOPE_INTRO}}
	overruled := &statev1.Consent{Overridden: handoverv1.OverrideCode_OVERRIDE_CODE_DANGER_TO_LIFE}
	for name, test := range map[string]struct {
		h    *statev1.Handover
		want childtext.Key
	}{
		"it said nothing":                 {&statev1.Handover{State: returned, ReturnReason: unanswered, Consent: asked}, childtext.ReturnedUnanswered},
		"it said no before it was asked":  {&statev1.Handover{State: returned, ReturnReason: handoverv1.ReturnReason_RETURN_REASON_CONSENT_REFUSED}, childtext.ReturnedRefused},
		"no line in time":                 {&statev1.Handover{State: returned, ReturnReason: spent, Consent: asked}, childtext.ReturnedNoLine},
		"no line in time, and overruled":  {&statev1.Handover{State: returned, ReturnReason: spent, Consent: overruled}, childtext.ReturnedNoLine},
		"a draft that took too long":      {&statev1.Handover{State: returned, ReturnReason: spent, Consent: &statev1.Consent{}}, childtext.Arrived},
		"the receiver was on the bridge":  {&statev1.Handover{State: returned, ReturnReason: spent, Consent: asked, ToLine: "b"}, childtext.ReturnedDropped},
		"the sender did not wait for it":  {&statev1.Handover{State: returned, ReturnReason: spent, Consent: asked, ToLine: "b", Decision: handoverv1.SenderDecision_SENDER_DECISION_STAY}, childtext.Cancelled},
		"a supervisor said no to a draft": {&statev1.Handover{State: returned, ReturnReason: hopLimit}, childtext.Arrived},
		"a supervisor said no later":      {&statev1.Handover{State: returned, ReturnReason: hopLimit, Consent: asked}, childtext.Cancelled},
		"a draft is called off":           {&statev1.Handover{State: cancelled}, childtext.Arrived},
		"it is called off":                {&statev1.Handover{State: cancelled, Consent: asked}, childtext.Cancelled},
		"it is away":                      {&statev1.Handover{State: handoverv1.HandoverState_HANDOVER_STATE_ABANDONED, Consent: asked}, childtext.Arrived},
	} {
		if got := childtext.Of(&statev1.Conversation{Handovers: []*statev1.Handover{test.h}}); got != test.want {
			t.Errorf("%s: told %s, want %s", name, got, test.want)
		}
	}
}

func TestAChildWhoIsAloneIsToldSoFirst(t *testing.T) {
	c := &statev1.Conversation{
		Custody:      &statev1.Custody{Line: "a", Epoch: 1, Alerts: 1},
		Participants: []*statev1.Participant{{Line: "a", Role: handoverv1.Role_ROLE_COUNSELLOR}},
		Handovers:    []*statev1.Handover{{State: handoverv1.HandoverState_HANDOVER_STATE_BRIDGED}},
	}
	if got := childtext.Of(c); got != childtext.Unattended {
		t.Errorf("told %q", got)
	}
	if got := childtext.Of(&statev1.Conversation{Custody: c.Custody}); got != childtext.Waiting {
		t.Errorf("a child whom nobody has met is told %q", got)
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
