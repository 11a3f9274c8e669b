package replicas_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	triagev1 "github.com/stafett/stafett/proto/stafett/triage/v1"
	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/sealtest"
)

// command is a request that can be sent again unchanged.
type command struct {
	id   string
	send apitest.Sending
}

// insist sends it until the platform accepts or refuses it, as a line does.
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

// interrupted are commands to all three services that write to the log.
func interrupted(f *apitest.Fleet, sender, first apitest.Desk, conversation, handover string) []command {
	ids := []string{uuid.NewString(), uuid.NewString(), uuid.NewString(), uuid.NewString()}
	hello := sealtest.Blob("hello")
	return []command{
		{ids[0], sender.Joining(conversation, "berit", ids[0])},
		{ids[1], func(ctx context.Context) (*handoverv1.Recorded, error) {
			return apitest.Placed(sender.Intake.SendMessage(ctx, &intakev1.SendMessageRequest{
				RequestId: ids[1], Conversation: conversation, Participant: "child",
				Audience: handoverv1.Audience_AUDIENCE_ALL, Sealed: hello,
			}))
		}},
		{ids[2], func(ctx context.Context) (*handoverv1.Recorded, error) {
			return apitest.Placed(sender.Triage.AssessRisk(ctx, &triagev1.AssessRiskRequest{
				RequestId: ids[2], Conversation: conversation, Level: handoverv1.RiskLevel_RISK_LEVEL_R2,
			}))
		}},
		{ids[3], first.Confirming(handover, ids[3])},
	}
}

// toItsEnd continues from the receiver's confirmation.
func toItsEnd(f *apitest.Fleet, sender, first apitest.Desk, conversation, handover string) {
	f.T.Helper()
	if words := sender.Words(conversation); len(words) != 1 || words[0] != "hello" {
		f.T.Errorf("the words are %q, want those that were said, once", words)
	}
	sender.Agree(handover)
	custody := apitest.Must[*routingv1.Custody](f.T)(first.Routing.GetCustody(f.Ctx, &routingv1.GetCustodyRequest{Name: conversation + "/custody"}))
	if custody.Line != "lines/first" || custody.Epoch != 2 {
		f.T.Errorf("custody is %v, want the receiver's, in epoch 2", custody)
	}
	f.Leave(sender, handover)
	first.Report(handover)
	first.CloseConversation(conversation)
}

// once checks that commands are in the log, each once.
func once(f *apitest.Fleet, commands ...command) {
	f.T.Helper()
	times := map[string]int{}
	for _, s := range f.Commits() {
		times[string(s.Commit.RequestId)]++
	}
	for _, c := range commands {
		id := uuid.MustParse(c.id)
		if n := times[string(id[:])]; n != 1 {
			f.T.Errorf("a command is in the log %d times, want once", n)
		}
	}
}

// returned counts how often a conversation's handover was returned for a reason.
func returned(f *apitest.Fleet, conversation string, reason handoverv1.ReturnReason) (n int) {
	f.T.Helper()
	subject := subjectOf(conversation)
	for _, s := range f.Commits() {
		for _, e := range s.Commit.Events {
			if s.Commit.Subject == subject && e.GetHandoverReturned().GetReason() == reason {
				n++
			}
		}
	}
	return n
}
