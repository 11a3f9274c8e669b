package replicas_test

import (
	"strings"

	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// together is how many handovers have the same deadline, so that several wheels
// are busy with them at once.
const together = 4

// stage is one step of a handover, and what the platform has to do once its
// time is over and nobody has taken the next.
type stage struct {
	reach  func(sender, first apitest.Desk, handover string)
	brings []string
}

// stages of a handover, each reached from the one before.
var stages = []stage{
	{apitest.AskConsent, []string{"HandoverReturned RETURN_REASON_CONSENT_UNANSWERED"}},
	{apitest.GiveConsent, []string{"HandoverRouted", "OfferTimedOut", "HandoverReturned RETURN_REASON_PLAN_EXHAUSTED"}},
	{func(_, first apitest.Desk, handover string) { first.Accept(handover, "1") }, []string{"HandoverReturned RETURN_REASON_NO_JOIN"}},
	{apitest.Join, []string{"HandoverReturned RETURN_REASON_BUDGET_SPENT"}},
	{apitest.OpenBridge, []string{"HandoverReturned RETURN_REASON_RECEIVER_DROPPED"}},
	{apitest.Confirm, []string{"HandoverReturned RETURN_REASON_BUDGET_SPENT"}},
	{apitest.Agree, []string{"CustodyTransferred", "SenderLeft", "OutcomeOverdue 1", "OutcomeOverdue 2", "OutcomeReported OUTCOME_MISSING"}},
}

// stall brings handovers to a standstill at every stage, and says by subject
// what the platform has to do about each.
func stall(f *apitest.Fleet) map[string][]string {
	f.T.Helper()
	sender, first, expected := f.Desk("sender"), f.Desk("first"), map[string][]string{}
	for last := range stages {
		for range together {
			conversation := sender.OpenConversation()
			handover := sender.Propose(conversation, "first")
			for _, s := range stages[:last+1] {
				s.reach(sender, first, handover)
			}
			expected[subjectOf(conversation)] = stages[last].brings
		}
	}
	return expected
}

// subjectOf is where the log has a conversation.
func subjectOf(conversation string) string {
	return eventlog.ConversationSubject(strings.TrimPrefix(conversation, "conversations/"))
}
