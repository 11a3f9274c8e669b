package handover_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover"
)

func TestLastCounsellorStaysWithTheChild(t *testing.T) {
	s := opened(t)
	r := s.when(leaves(bullying, "kim")).refused("SENDER_LEAVES_LAST")
	if r.Metadata["participant"] != "kim" || r.Metadata["line"] != bullying {
		t.Errorf("the refusal says %v", r.Metadata)
	}
	s.given(comes(bullying, "per")).when(leaves(bullying, "kim")).gives("ParticipantLeft")
	s.when(leaves(bullying, "per")).refused("SENDER_LEAVES_LAST")
}

func TestLastCounsellorLeavesWhenTheChildHasGone(t *testing.T) {
	opened(t).given(leaves(bullying, "child")).when(leaves(bullying, "kim")).gives("ParticipantLeft")
	opened(t).given(dropsOut(bullying, "child")).when(leaves(bullying, "kim")).gives("ParticipantLeft")
}

// TestOneWhoIsCutOffIsNotThere: a colleague without a connection does not stay in
// one's stead.
func TestOneWhoIsCutOffIsNotThere(t *testing.T) {
	s := opened(t).given(comes(bullying, "per"), dropsOut(bullying, "per"))
	s.when(leaves(bullying, "kim")).refused("SENDER_LEAVES_LAST")
}

func TestSenderStaysUntilCustodyHasMoved(t *testing.T) {
	for _, state := range []string{"BRIDGED", "CONFIRMING"} {
		at(t, state).when(leaves(bullying, "kim")).refused("SENDER_LEAVES_LAST")
	}
	s := at(t, "TRANSFERRED")
	s.when(leaves(emergency, "ola")).refused("SENDER_LEAVES_LAST")
	s.when(leaves(bullying, "kim")).gives("ParticipantLeft")
}

func TestCrashIsNotLeaving(t *testing.T) {
	s := opened(t).given(dropsOut(bullying, "kim"))
	p := handover.Of(s.state.Conversation).Participant(bullying, "kim")
	if p.Present || p.Left {
		t.Errorf("after the crash: %v, want neither present nor left", p)
	}
	if line := s.state.Conversation.Custody.Line; line != bullying {
		t.Errorf("custody went to %q", line)
	}
	s.when(comes(bullying, "kim")).gives("ParticipantJoined")
	s.given(comes(bullying, "per"), leaves(bullying, "kim"))
	if p := handover.Of(s.state.Conversation).Participant(bullying, "kim"); p.Present || !p.Left {
		t.Errorf("after leaving: %v, want left", p)
	}
}

func TestComingTwice(t *testing.T) {
	s := opened(t)
	s.when(comes(bullying, "kim")).refused("PARTICIPANT_PRESENT")
	s.when(childComes()).refused("PARTICIPANT_PRESENT")
	s.when(comes(bullying, "child")).refused("PSEUDONYM_TAKEN")
	s.given(leaves(bullying, "child")).when(comes(bullying, "child")).refused("PSEUDONYM_TAKEN")
	s.when(childComes()).gives("ParticipantJoined")
	if n := len(s.state.Conversation.Participants); n != 2 {
		t.Errorf("%d participants, want the child and kim", n)
	}
}

func TestThereIsOneChild(t *testing.T) {
	s := opened(t)
	s.when(handover.JoinConversation{Line: bullying, Participant: "other", Role: asChild}).refused("FIELD_INVALID")
}

func TestAbsentAreRefused(t *testing.T) {
	s := opened(t)
	for _, c := range []handover.Command{leaves(bullying, "per"), dropsOut(bullying, "per"), writes(bullying, "per", all)} {
		if r := s.when(c).refused("PARTICIPANT_ABSENT"); r.Metadata["participant"] != "per" {
			t.Errorf("%s says %v", commandName(c), r.Metadata)
		}
	}
	s.given(first.propose(), leaves(bullying, "child")).when(first.ask()).refused("PARTICIPANT_ABSENT")
	s.when(leaves(bullying, "child")).refused("PARTICIPANT_ABSENT")
}

// TestReceiverComesOnlyByItsHandover: before it came and after it went, its
// counsellors have no way in.
func TestReceiverComesOnlyByItsHandover(t *testing.T) {
	at(t, "OFFERED").when(comes(emergency, "ola")).refused("CONVERSATION_NOT_YOURS")
	at(t, "ACCEPTED").when(comes(emergency, "eva")).refused("CUSTODY_NOT_YOURS")
	at(t, "RETURNED").when(comes(emergency, "eva")).refused("CUSTODY_NOT_YOURS")
	at(t, "CANCELLED").when(comes(emergency, "eva")).refused("CUSTODY_NOT_YOURS")
	for _, state := range []string{"BRIEFING", "BRIDGED", "CONFIRMING", "TRANSFERRED", "AWAITING_OUTCOME", "CLOSED"} {
		at(t, state).when(comes(emergency, "eva")).gives("ParticipantJoined")
	}
}

func TestSenderComesUntilTheOverlapIsOver(t *testing.T) {
	at(t, "TRANSFERRED").when(comes(bullying, "per")).gives("ParticipantJoined")
	at(t, "AWAITING_OUTCOME").when(comes(bullying, "per")).refused("CUSTODY_NOT_YOURS")
}

func TestReceiverGoesWhenTheHandoverFails(t *testing.T) {
	for _, fail := range []handover.Command{first.cancel(), first.withdraw()} {
		s := at(t, "BRIDGED").given(comes(emergency, "eva"), fail, handover.Advance{})
		if n := handover.Of(s.state.Conversation).Counsellors(emergency); n != 0 {
			t.Errorf("%d of the receiver are there after %s", n, commandName(fail))
		}
		if n := handover.Of(s.state.Conversation).Counsellors(bullying); n != 1 {
			t.Errorf("%d of the sender are there after %s, want 1", n, commandName(fail))
		}
	}
}

func TestReceiverLeavesAsItLikesBeforeCustodyMoves(t *testing.T) {
	at(t, "BRIDGED").when(leaves(emergency, "ola")).gives("ParticipantLeft")
}
