package platform_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
)

// command is a request that can be sent again unchanged.
type command struct {
	id   string
	send func(context.Context) (*handoverv1.Recorded, error)
}

// insist sends it until the platform takes it or refuses it, as a line does.
func (c command) insist(t *testing.T, ctx context.Context) (recorded *handoverv1.Recorded) {
	t.Helper()
	err := client.Retry(ctx, func(ctx context.Context) (err error) {
		recorded, err = c.send(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return recorded
}

// interrupted are commands to all three services that append.
func (f *fleet) interrupted(sender, first desk, conversation, handover string) []command {
	ids := []string{uuid.NewString(), uuid.NewString(), uuid.NewString(), uuid.NewString()}
	return []command{
		{ids[0], sender.joining(conversation, "berit", ids[0])},
		{ids[1], func(ctx context.Context) (*handoverv1.Recorded, error) {
			return sender.Intake.SendMessage(ctx, &intakev1.SendMessageRequest{
				RequestId: ids[1], Conversation: conversation, Participant: "child",
				Audience: handoverv1.Audience_AUDIENCE_ALL, Sealed: []byte("hello"),
			})
		}},
		{ids[2], func(ctx context.Context) (*handoverv1.Recorded, error) {
			return sender.Triage.AssessRisk(ctx, &triagev1.AssessRiskRequest{
				RequestId: ids[2], Conversation: conversation, Level: handoverv1.RiskLevel_RISK_LEVEL_R2,
			})
		}},
		{ids[3], func(ctx context.Context) (*handoverv1.Recorded, error) {
			return first.Routing.ConfirmHandover(ctx, &routingv1.ConfirmHandoverRequest{RequestId: ids[3], Handover: handover, Participant: "aksel"})
		}},
	}
}

func (d desk) joining(conversation, who, id string) func(context.Context) (*handoverv1.Recorded, error) {
	return func(ctx context.Context) (*handoverv1.Recorded, error) {
		return d.Intake.JoinConversation(ctx, &intakev1.JoinConversationRequest{
			RequestId: id, Conversation: conversation, Participant: who, Role: handoverv1.Role_ROLE_COUNSELLOR,
		})
	}
}

// toItsEnd goes on from the receiver's confirmation.
func (f *fleet) toItsEnd(sender, first desk, conversation, handover string) {
	f.t.Helper()
	if words := sender.words(conversation); len(words) != 1 || words[0] != "hello" {
		f.t.Errorf("the words are %q, want those that were said, once", words)
	}
	sender.done(sender.Intake.AgreeToHandover(f.ctx, &intakev1.AgreeToHandoverRequest{RequestId: uuid.NewString(), Handover: handover}))
	f.settle()
	custody := must[*handoverv1.Custody](f.t)(first.Routing.GetCustody(f.ctx, &routingv1.GetCustodyRequest{Conversation: conversation}))
	if custody.Line != "first" || custody.Epoch != 2 {
		f.t.Errorf("custody is %v, want the receiver's, in epoch 2", custody)
	}
	f.done(sender, handover)
	first.done(first.Routing.ReportOutcome(f.ctx, &routingv1.ReportOutcomeRequest{
		RequestId: uuid.NewString(), Handover: handover, Outcome: handoverv1.Outcome_OUTCOME_ONGOING,
	}))
	first.close(conversation)
}

// once checks that commands are in the log, each once.
func (f *fleet) once(commands ...command) {
	f.t.Helper()
	times := map[string]int{}
	for _, s := range f.log() {
		times[string(s.Commit.RequestId)]++
	}
	for _, c := range commands {
		id := uuid.MustParse(c.id)
		if n := times[string(id[:])]; n != 1 {
			f.t.Errorf("a command is in the log %d times, want once", n)
		}
	}
}

// returned counts how often a conversation's handover was given back for a reason.
func (f *fleet) returned(conversation string, reason handoverv1.ReturnReason) (n int) {
	f.t.Helper()
	subject := subjectOf(conversation)
	for _, s := range f.log() {
		for _, e := range s.Commit.Events {
			if s.Commit.Subject == subject && e.GetHandoverReturned().GetReason() == reason {
				n++
			}
		}
	}
	return n
}
