package routing_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
)

// wants receives up to the answer that says what is required of the line.
func wants(c apitest.CustodyWatch, decision, outcome []string) *routingv1.WatchCustodyResponse {
	c.T.Helper()
	for {
		r := apitest.Must[*routingv1.WatchCustodyResponse](c.T)(c.Recv())
		if slices.Equal(r.DecisionDue, decision) && slices.Equal(r.OutcomeDue, outcome) {
			return r
		}
	}
}

func decides(d apitest.Desk, handover string, decision handoverv1.SenderDecision) {
	d.T.Helper()
	d.Recorded(d.Routing.DecideHandover(d.Ctx, &routingv1.DecideHandoverRequest{RequestId: uuid.NewString(), Handover: handover, Decision: decision}))
}

// awaitsDecision checks that a live watch and a new one tell a line that it must decide, and
// that they stop doing so once it has.
func awaitsDecision(d apitest.Desk, live apitest.CustodyWatch, conversation, handover string, decision handoverv1.SenderDecision) {
	d.T.Helper()
	wants(live, []string{handover}, nil)
	wants(d.WatchCustody(conversation, 0), []string{handover}, nil)
	decides(d, handover, decision)
	wants(live, nil, nil)
}

// TestADecisionIsDueAfterAReturn: no line accepted the handover.
func TestADecisionIsDueAfterAReturn(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	conversation, handover := sender.Offered("first")
	live, others := sender.WatchCustody(conversation, w.LogEnd()), first.WatchCustody("", 0)
	first.Decline(handover, "1")
	awaitsDecision(sender, live, conversation, handover, handoverv1.SenderDecision_SENDER_DECISION_STAY)
	nothingBefore(first, others)
}

// TestADecisionIsDueOnTheBridge: the budget is spent.
func TestADecisionIsDueOnTheBridge(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	conversation, handover := sender.Offered("first")
	first.Acknowledge(handover+"/offers/1", apitest.OfferAlerting)
	w.Advance(40 * time.Second)
	first.Accept(handover, "1")
	w.Advance(25 * time.Second)
	apitest.Join(sender, first, handover)
	live := sender.WatchCustody(conversation, w.LogEnd())
	w.Advance(115 * time.Second)
	awaitsDecision(sender, live, conversation, handover, handoverv1.SenderDecision_SENDER_DECISION_CONTINUE)
}

// TestADecisionIsDueAtTheTimeThatTheChildChose: it remains due until another handover follows.
func TestADecisionIsDueAtTheTimeThatTheChildChose(t *testing.T) {
	w := apitest.NewWorld(t)
	sender := w.Desk("sender")
	conversation := sender.OpenConversation()
	handover := sender.Propose(conversation)
	sender.Recorded(sender.Routing.DeferHandover(w.Ctx, apitest.Deferral(handover, w.Clock.Now().Add(20*time.Hour))))
	live := sender.WatchCustody(conversation, w.LogEnd())
	w.Advance(20 * time.Hour)
	wants(live, []string{handover}, nil)
	sender.Propose(conversation, "first")
	wants(live, nil, nil)
}

// TestAnOutcomeIsDue: the line that took the child over is told, even after it has closed the
// conversation.
func TestAnOutcomeIsDue(t *testing.T) {
	w := apitest.NewWorld(t)
	sender, first := w.Desk("sender"), w.Desk("first")
	conversation := sender.OpenConversation()
	handover := conversation + "/handovers/1"
	apitest.MoveCustody(w, conversation)
	w.Leave(sender, handover)
	first.CloseConversation(conversation)
	live := first.WatchCustody("", w.LogEnd())
	w.Advance(24 * time.Hour)
	wants(live, nil, []string{handover})
	wants(first.WatchCustody("", 0), nil, []string{handover})
	first.Recorded(first.Routing.ReportOutcome(w.Ctx, &routingv1.ReportOutcomeRequest{
		RequestId: uuid.NewString(), Handover: handover, Outcome: handoverv1.Outcome_OUTCOME_ONGOING,
	}))
	wants(live, nil, nil)
}
