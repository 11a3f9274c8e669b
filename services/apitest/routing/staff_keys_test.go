package routing_test

import (
	"testing"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
)

// TestARevokedKeyDoesNotSign, from the moment on at which its revocation is recorded.
func TestARevokedKeyDoesNotSign(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	override := sender.Override(sender.Propose(sender.InDanger(sender.OpenConversation()), "first"))
	sender.Recorded(sender.Keys.RevokeStaffKey(w.Ctx, &routingv1.RevokeStaffKeyRequest{
		RequestId: uuid.NewString(), Line: "lines/sender", Key: sender.Person("mina").ID, Reason: handoverv1.KeyRevocation_KEY_REVOCATION_LEFT,
	}))
	apitest.WantRefusal(t, overriding(sender, override), codes.FailedPrecondition, "SIGNATURE_INVALID")
}

// TestASignatureIsOfOneRequestInOneConversation, by a key of the line that gives the command.
func TestASignatureIsOfOneRequestInOneConversation(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	handover := sender.Propose(sender.InDanger(sender.OpenConversation()), "first")
	override := sender.Override(handover)
	other := sender.Override(sender.Propose(sender.InDanger(sender.OpenConversation()), "first"))
	stranger := proto.CloneOf(override)
	stranger.Signatures = sender.Signs(apitest.ConversationOf(handover), stranger, first.Person("mina"), first.Person("supervisor"))
	for name, spoil := range map[string]func(r *intakev1.OverrideConsentRequest){
		"another request":      func(r *intakev1.OverrideConsentRequest) { r.Code = handoverv1.OverrideCode_OVERRIDE_CODE_SERIOUS_HARM },
		"another conversation": func(r *intakev1.OverrideConsentRequest) { r.Signatures = other.Signatures },
		"another line's keys":  func(r *intakev1.OverrideConsentRequest) { r.Signatures = stranger.Signatures },
	} {
		t.Log(name)
		r := proto.CloneOf(override)
		spoil(r)
		w.WantUnchanged(func() { apitest.WantRefusal(t, overriding(sender, r), codes.FailedPrecondition, "SIGNATURE_INVALID") })
	}
	sender.Took(sender.OverrideConsent(w.Ctx, override))
}

func overriding(d apitest.Desk, r *intakev1.OverrideConsentRequest) error {
	_, err := d.OverrideConsent(d.Ctx, r)
	return err
}
