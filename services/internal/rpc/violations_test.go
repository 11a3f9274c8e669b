package rpc

import (
	"errors"
	"strings"
	"testing"

	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// TestEveryWrongField of a request is named, once, and enums in words.
func TestEveryWrongField(t *testing.T) {
	err := validate(&routingv1.AcknowledgeOfferRequest{Offer: "offers/1", State: handoverv1.OfferState_OFFER_STATE_ACCEPTED})
	var refused *refusal.Error
	if !errors.As(err, &refused) {
		t.Fatalf("validate answers %v", err)
	}
	problems := map[string]string{}
	for _, v := range refused.Violations {
		if problems[v.Field] != "" {
			t.Errorf("%s is named twice", v.Field)
		}
		problems[v.Field] = v.Problem
	}
	for field, want := range map[string]string{
		"request_id": "uuid",
		"offer":      "conversations/ID/handovers/NUMBER/offers/NUMBER",
		"state":      "use one of OFFER_STATE_DELIVERED, OFFER_STATE_ALERTING",
	} {
		if !strings.Contains(strings.ToLower(problems[field]), strings.ToLower(want)) {
			t.Errorf("of %s it says %q, want %q", field, problems[field], want)
		}
	}
	if err := validate(&routingv1.CloseLineRequest{Channels: []handoverv1.Channel{99}}); !strings.Contains(err.Error(), "channels[0]: use one of CHANNEL_CHAT, ") {
		t.Errorf("of a list's item it says %v", err)
	}
	if len(problems) != 3 {
		t.Errorf("it names %v", problems)
	}
}
