package audit_test

import (
	"testing"

	"github.com/google/uuid"
	"google.golang.org/protobuf/encoding/protojson"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/tools/stafett/internal/cli"
	"github.com/stafett/stafett/tools/stafett/internal/clitest"
)

// hands lets Cyberhus hand a child over, as far as that a line is asked.
func hands(t *testing.T, h *clitest.Desk) (name string) {
	t.Helper()
	p, err := cli.Target{Data: h.Data}.As("line", "cyberhus")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	done := func(answer interface{ GetRecorded() *handoverv1.Recorded }, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return answer.GetRecorded().Name
	}
	ctx, id := t.Context(), uuid.NewString
	c := done(p.Intake.OpenConversation(ctx, &intakev1.OpenConversationRequest{
		RequestId: id(), Channel: handoverv1.Channel_CHANNEL_CHAT, LanguageCode: "da", Child: "child", AgeBand: &handoverv1.AgeBand{MinYears: 13, MaxYears: 15},
	}))
	done(p.Intake.JoinConversation(ctx, &intakev1.JoinConversationRequest{RequestId: id(), Conversation: c, Participant: "mina", Role: handoverv1.Role_ROLE_COUNSELLOR}))
	done(p.Triage.TagConversation(ctx, &triagev1.TagConversationRequest{RequestId: id(), Conversation: c, Add: []string{"FR.x_parent_substance_use"}}))
	name = done(p.Routing.ProposeHandover(ctx, &routingv1.ProposeHandoverRequest{RequestId: id(), Conversation: c}))
	intro := []handoverv1.Scope{handoverv1.Scope_SCOPE_INTRO}
	done(p.Intake.AskConsent(ctx, &intakev1.AskConsentRequest{RequestId: id(), Handover: name, Scopes: intro}))
	h.Refuses(t, cli.ExitFailed, "no line was chosen for "+name, "audit", "decision", name, "--purpose", "complaint")
	done(p.Intake.GiveConsent(ctx, &intakev1.GiveConsentRequest{RequestId: id(), Handover: name, Scopes: intro}))
	if err := h.Settled(ctx); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestAuditDecision: the decision as it was recorded, also once the seats are others.
func TestAuditDecision(t *testing.T) {
	h := clitest.New(t)
	h.Free(t, "brus", 1, 0)
	name := hands(t, h)
	h.Free(t, "brus", 0, 4)
	told := h.Must(t, "audit", "decision", name, "--purpose", "complaint", "--case", "2026/118-3")
	clitest.Golden(t, "audit-decision.txt", told)
	recorded := &handoverv1.RoutingDecision{}
	if err := protojson.Unmarshal([]byte(h.Must(t, "audit", "decision", name, "--purpose", "complaint", "-o", "jsonl")), recorded); err != nil || recorded.Candidates[0].GetFreeSeats() != 1 {
		t.Errorf("%v, %v", err, recorded)
	}
	h.Refuses(t, cli.ExitUsage, "--purpose", "audit", "decision", name)
	h.Refuses(t, cli.ExitUsage, "is not a handover", "audit", "decision", name+"/offers/1", "--purpose", "complaint")
	h.Refuses(t, cli.ExitFailed, "the conversation has 1 handover", "audit", "decision", name[:len(name)-1]+"2", "--purpose", "complaint")
}
