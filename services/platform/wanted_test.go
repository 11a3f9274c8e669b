package platform_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
)

// wants receives up to the answer that tells what is wanted of the line.
func (c custody) wants(decision, outcome []string) *routingv1.WatchCustodyResponse {
	c.t.Helper()
	for {
		r := must[*routingv1.WatchCustodyResponse](c.t)(c.Recv())
		if slices.Equal(r.DecisionDue, decision) && slices.Equal(r.OutcomeDue, outcome) {
			return r
		}
	}
}

func (d desk) decides(handover string, decision handoverv1.SenderDecision) {
	d.t.Helper()
	d.done(d.Routing.DecideHandover(d.ctx, &routingv1.DecideHandoverRequest{RequestId: uuid.NewString(), Handover: handover, Decision: decision}))
}

// awaitsDecision checks that a line is told on a live watch and on a new one that
// it must decide, and that it need not once it has.
func (d desk) awaitsDecision(live custody, conversation, handover string, decision handoverv1.SenderDecision) {
	d.t.Helper()
	live.wants([]string{handover}, nil)
	d.custody(conversation, 0).wants([]string{handover}, nil)
	d.decides(handover, decision)
	live.wants(nil, nil)
}

// TestADecisionIsDueAfterAReturn: nobody took the handover over.
func TestADecisionIsDueAfterAReturn(t *testing.T) {
	w := newWorld(t)
	sender, first := w.desk("sender"), w.desk("first")
	conversation, handover := sender.offered("first")
	live, others := sender.custody(conversation, w.last()), first.custody("", 0)
	first.decline(handover, "1")
	sender.awaitsDecision(live, conversation, handover, handoverv1.SenderDecision_SENDER_DECISION_STAY)
	first.nothingBefore(others)
}

// TestADecisionIsDueOnTheBridge: the time is used up.
func TestADecisionIsDueOnTheBridge(t *testing.T) {
	w := newWorld(t)
	sender, first := w.desk("sender"), w.desk("first")
	conversation, handover := sender.offered("first")
	first.acknowledge(handover+"/offers/1", offerAlerting)
	w.pass(40 * time.Second)
	first.accept(handover, "1")
	w.pass(25 * time.Second)
	join(sender, first, handover)
	live := sender.custody(conversation, w.last())
	w.pass(115 * time.Second)
	sender.awaitsDecision(live, conversation, handover, handoverv1.SenderDecision_SENDER_DECISION_CONTINUE)
}

// TestADecisionIsDueAtTheTimeThatTheChildChose: it is due until another handover takes it up.
func TestADecisionIsDueAtTheTimeThatTheChildChose(t *testing.T) {
	w := newWorld(t)
	sender := w.desk("sender")
	conversation := sender.open()
	handover := sender.propose(conversation)
	sender.done(sender.Routing.DeferHandover(w.ctx, deferring(handover, w.clock.Now().Add(20*time.Hour))))
	live := sender.custody(conversation, w.last())
	w.pass(20 * time.Hour)
	live.wants([]string{handover}, nil)
	sender.propose(conversation, "first")
	live.wants(nil, nil)
}

// TestAnOutcomeIsDue: the line that took the child over is told, also once it has closed
// the conversation.
func TestAnOutcomeIsDue(t *testing.T) {
	w := newWorld(t)
	sender, first := w.desk("sender"), w.desk("first")
	conversation := sender.open()
	handover := conversation + "/handovers/1"
	moves(w, conversation)
	w.done(sender, handover)
	first.close(conversation)
	live := first.custody("", w.last())
	w.pass(24 * time.Hour)
	live.wants(nil, []string{handover})
	first.custody("", 0).wants(nil, []string{handover})
	first.done(first.Routing.ReportOutcome(w.ctx, &routingv1.ReportOutcomeRequest{
		RequestId: uuid.NewString(), Handover: handover, Outcome: handoverv1.Outcome_OUTCOME_ONGOING,
	}))
	live.wants(nil, nil)
}
