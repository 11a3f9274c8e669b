package handover_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestAStrangerLearnsNothing, not even that the conversation has closed: every
// refusal is in the same words.
func TestAStrangerLearnsNothing(t *testing.T) {
	closed := at(t, "PROPOSED").given(
		handover.CancelHandover{Line: bullying, Handover: 1, Reason: handoverv1.CancelReason_CANCEL_REASON_MISTAKE},
		handover.CloseConversation{Line: bullying, Reason: handoverv1.CloseReason_CLOSE_REASON_FINISHED},
	)
	const stranger = "stranger"
	want := closed.when(handover.CloseConversation{Line: stranger}).refused("CONVERSATION_NOT_YOURS").Message
	for _, s := range []*story{at(t, "CONSENT_ASKED"), closed} {
		for _, c := range []handover.Command{
			handover.GiveConsent{Line: stranger, Handover: 1}, handover.RefuseConsent{Line: stranger, Handover: 1},
			handover.AskConsent{Line: stranger, Handover: 1}, handover.AskConsent{Line: stranger, Handover: 7},
			handover.CallEmergency{Line: stranger, Handover: 1}, handover.JoinHandover{Line: stranger, Handover: 1},
			handover.JoinConversation{Line: stranger}, handover.IssueTicket{Line: stranger},
		} {
			if got := s.when(c).refused("CONVERSATION_NOT_YOURS").Message; got != want {
				t.Errorf("%s: %q, want %q", commandName(c), got, want)
			}
		}
	}
}

// TestOnlyTheSenderLearnsWhichHandoversThereAre.
func TestOnlyTheSenderLearnsWhichHandoversThereAre(t *testing.T) {
	s := at(t, "BRIDGED")
	s.when(handover.AskConsent{Line: s.state.Conversation.Handovers[0].ToLine, Handover: 7}).refused("CUSTODY_NOT_YOURS")
	s.when(handover.AskConsent{Line: bullying, Handover: 7}).refused("HANDOVER_NOT_FOUND")
}

// TestAPacketThatMayNotBeOpenedHasNoParts.
func TestAPacketThatMayNotBeOpenedHasNoParts(t *testing.T) {
	s := at(t, "OFFERED")
	if parts, err := handover.PacketFor(s.state, 1, emergency); err == nil || parts != nil {
		t.Errorf("a line that has not accepted gets %v, %v", parts, err)
	}
}
