package decide_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestAStrangerLearnsNothing, not even that the conversation has closed: every
// refusal is in the same words.
func TestAStrangerLearnsNothing(t *testing.T) {
	closed := story.At(t, "PROPOSED").Given(
		command.CancelHandover{Line: story.Bullying, Handover: 1, Reason: handoverv1.CancelReason_CANCEL_REASON_MISTAKE},
		command.CloseConversation{Line: story.Bullying, Reason: handoverv1.CloseReason_CLOSE_REASON_FINISHED},
	)
	const stranger = "stranger"
	want := closed.When(command.CloseConversation{Line: stranger}).Refused("CONVERSATION_NOT_YOURS").Message
	for _, s := range []*story.Story{story.At(t, "CONSENT_ASKED"), closed} {
		for _, c := range []decide.Command{
			command.GiveConsent{Line: stranger, Handover: 1}, command.RefuseConsent{Line: stranger, Handover: 1},
			command.AskConsent{Line: stranger, Handover: 1}, command.AskConsent{Line: stranger, Handover: 7},
			command.CallEmergency{Line: stranger}, command.JoinHandover{Line: stranger, Handover: 1},
			command.JoinConversation{Line: stranger}, command.IssueTicket{Line: stranger},
		} {
			if got := s.When(c).Refused("CONVERSATION_NOT_YOURS").Message; got != want {
				t.Errorf("%s: %q, want %q", story.CommandName(c), got, want)
			}
		}
	}
}

// TestOnlyTheSenderLearnsWhichHandoversThereAre.
func TestOnlyTheSenderLearnsWhichHandoversThereAre(t *testing.T) {
	s := story.At(t, "BRIDGED")
	s.When(command.AskConsent{Line: s.State.Conversation.Handovers[0].ToLine, Handover: 7}).Refused("CUSTODY_NOT_YOURS")
	s.When(command.AskConsent{Line: story.Bullying, Handover: 7}).Refused("HANDOVER_NOT_FOUND")
}
