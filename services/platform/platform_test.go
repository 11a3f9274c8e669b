package platform_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/directory/linefile"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/logtest"
	"github.com/stafett/stafett/services/internal/sealtest"
	"github.com/stafett/stafett/services/platform"
)

// up starts a platform that stops with the test.
func up(t *testing.T, config platform.Config) *platform.Platform {
	t.Helper()
	config.Lines = linefile.Example()
	p, err := platform.Up(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the platform did not stop cleanly: %v", err)
		}
	})
	return p
}

func TestAWarmHandover(t *testing.T) {
	data := t.TempDir()
	p := up(t, platform.Config{Data: data})
	ctx, cancel := context.WithTimeout(t.Context(), logtest.Patience)
	defer cancel()
	world := &apitest.World{Platform: p, T: t, Ctx: ctx, Data: data}
	a, b := world.Desk("snakkommobbing"), world.Desk("alarmtelefonen")
	id := uuid.NewString
	conv := a.Recorded(a.Intake.OpenConversation(ctx, &intakev1.OpenConversationRequest{RequestId: id(), Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "nb", AgeBand: &handoverv1.AgeBand{MinYears: 13, MaxYears: 15}, Child: "child"})).Name
	a.Recorded(a.Intake.JoinConversation(ctx, &intakev1.JoinConversationRequest{RequestId: id(), Conversation: conv, Participant: "mina", Role: handoverv1.Role_ROLE_COUNSELLOR}))
	a.Recorded(a.Triage.TagConversation(ctx, &triagev1.TagConversationRequest{RequestId: id(), Conversation: conv, Add: []string{"V.physical"}}))
	h := a.Recorded(a.Routing.ProposeHandover(ctx, &routingv1.ProposeHandoverRequest{RequestId: id(), Conversation: conv})).Name
	a.Recorded(a.Intake.SealPacket(ctx, &intakev1.SealPacketRequest{RequestId: id(), Handover: h, Part: handoverv1.Scope_SCOPE_ONE_LINE, Sealed: sealtest.Blob("sealed")}))
	scopes := []handoverv1.Scope{handoverv1.Scope_SCOPE_INTRO, handoverv1.Scope_SCOPE_ONE_LINE}
	a.Recorded(a.Intake.AskConsent(ctx, &intakev1.AskConsentRequest{RequestId: id(), Handover: h, Scopes: scopes}))
	offers, err := b.Routing.WatchOffers(ctx, &routingv1.WatchOffersRequest{})
	if err != nil {
		t.Fatal(err)
	}
	a.Recorded(a.Intake.GiveConsent(ctx, &intakev1.GiveConsentRequest{RequestId: id(), Handover: h, Scopes: scopes}))
	offer := apitest.Must[*routingv1.WatchOffersResponse](t)(offers.Recv()).Offer.Name
	b.Took(b.Accepting(offer, id())(ctx))
	packet := apitest.Must[*intakev1.OpenPacketResponse](t)(b.Intake.OpenPacket(ctx, &intakev1.OpenPacketRequest{RequestId: id(), Handover: h}))
	if len(packet.Parts) != 1 || sealtest.Words(packet.Parts[0].Sealed) != "sealed" {
		t.Errorf("the packet has %v, want the one part as it was sealed", packet.Parts)
	}
	b.Receive(h)
	a.Recorded(a.Routing.StartBriefing(ctx, &routingv1.StartBriefingRequest{RequestId: id(), Handover: h}))
	a.OpenBridge(h)
	a.Say(conv, "mina", "hi")
	b.Confirm(h)
	a.Agree(h)
	custody := apitest.Must[*routingv1.Custody](t)(a.Routing.GetCustody(ctx, &routingv1.GetCustodyRequest{Name: conv + "/custody"}))
	if custody.Line != "lines/alarmtelefonen" || custody.Epoch != 2 {
		t.Errorf("custody is %v, want alarmtelefonen in epoch 2", custody)
	}
	world.Leave(a, h)
	b.Report(h)
	b.CloseConversation(conv)
}
