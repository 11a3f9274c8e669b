package replicas_test

import (
	"strings"

	"github.com/stafett/stafett/services/apitest"
	"github.com/stafett/stafett/services/internal/eventlog"
)

// together is how many handovers share a deadline, so that several timer queues are busy with
// them at once.
const together = 4

// stage is one step of a handover, and the events that follow when its deadline passes.
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

// stall stalls handovers at every stage, and returns by subject the events that must follow.
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

// subjectOf is a conversation's subject.
func subjectOf(conversation string) string {
	return eventlog.ConversationSubject(strings.TrimPrefix(conversation, "conversations/"))
}
