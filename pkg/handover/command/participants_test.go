package command_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/internal/story"
)

func TestLastCounsellorStaysWithTheChild(t *testing.T) {
	s := story.Opened(t)
	r := s.When(story.Leaves(story.Bullying, "kim")).Refused("SENDER_LEAVES_LAST")
	if r.Metadata["participant"] != "kim" || r.Metadata["line"] != story.Bullying {
		t.Errorf("the refusal says %v", r.Metadata)
	}
	s.Given(story.Comes(story.Bullying, "per")).When(story.Leaves(story.Bullying, "kim")).Gives("ParticipantLeft")
	s.When(story.Leaves(story.Bullying, "per")).Refused("SENDER_LEAVES_LAST")
}

func TestLastCounsellorLeavesWhenTheChildHasGone(t *testing.T) {
	story.Opened(t).Given(story.Leaves(story.Bullying, "child")).When(story.Leaves(story.Bullying, "kim")).Gives("ParticipantLeft")
	story.Opened(t).Given(story.DropsOut(story.Bullying, "child")).When(story.Leaves(story.Bullying, "kim")).Gives("ParticipantLeft")
}

// TestOneWhoIsCutOffIsNotThere: a colleague without a connection does not stay in
// one's stead.
func TestOneWhoIsCutOffIsNotThere(t *testing.T) {
	s := story.Opened(t).Given(story.Comes(story.Bullying, "per"), story.DropsOut(story.Bullying, "per"))
	s.When(story.Leaves(story.Bullying, "kim")).Refused("SENDER_LEAVES_LAST")
}

func TestSenderStaysUntilCustodyHasMoved(t *testing.T) {
	for _, state := range []string{"BRIDGED", "CONFIRMING"} {
		story.At(t, state).When(story.Leaves(story.Bullying, "kim")).Refused("SENDER_LEAVES_LAST")
	}
	s := story.At(t, "TRANSFERRED")
	s.When(story.Leaves(story.Emergency, "ola")).Refused("SENDER_LEAVES_LAST")
	s.When(story.Leaves(story.Bullying, "kim")).Gives("ParticipantLeft")
}

func TestCrashIsNotLeaving(t *testing.T) {
	s := story.Opened(t).Given(story.DropsOut(story.Bullying, "kim"))
	p := handover.Of(s.State.Conversation).Participant(story.Bullying, "kim")
	if p.Present || p.Left {
		t.Errorf("after the crash: %v, want neither present nor left", p)
	}
	if line := s.State.Conversation.Custody.Line; line != story.Bullying {
		t.Errorf("custody went to %q", line)
	}
	s.When(story.Comes(story.Bullying, "kim")).Gives("ParticipantJoined")
	s.Given(story.Comes(story.Bullying, "per"), story.Leaves(story.Bullying, "kim"))
	if p := handover.Of(s.State.Conversation).Participant(story.Bullying, "kim"); p.Present || !p.Left {
		t.Errorf("after leaving: %v, want left", p)
	}
}

func TestComingTwice(t *testing.T) {
	s := story.Opened(t)
	s.When(story.Comes(story.Bullying, "kim")).Refused("PARTICIPANT_PRESENT")
	s.When(story.ChildComes()).Refused("PARTICIPANT_PRESENT")
	s.When(story.Comes(story.Bullying, "child")).Refused("PSEUDONYM_TAKEN")
	s.Given(story.Leaves(story.Bullying, "child")).When(story.Comes(story.Bullying, "child")).Refused("PSEUDONYM_TAKEN")
	s.When(story.ChildComes()).Gives("ParticipantJoined")
	if n := len(s.State.Conversation.Participants); n != 2 {
		t.Errorf("%d participants, want the child and kim", n)
	}
}

func TestThereIsOneChild(t *testing.T) {
	s := story.Opened(t)
	s.When(command.JoinConversation{Line: story.Bullying, Participant: "other", Role: story.AsChild}).Refused("FIELD_INVALID")
}

func TestAbsentAreRefused(t *testing.T) {
	s := story.Opened(t)
	for _, c := range []decide.Command{story.Leaves(story.Bullying, "per"), story.DropsOut(story.Bullying, "per"), story.Writes(story.Bullying, "per", story.All)} {
		if r := s.When(c).Refused("PARTICIPANT_ABSENT"); r.Metadata["participant"] != "per" {
			t.Errorf("%s says %v", story.CommandName(c), r.Metadata)
		}
	}
	s.Given(story.First.Propose(), story.Leaves(story.Bullying, "child")).When(story.First.Ask()).Refused("PARTICIPANT_ABSENT")
	s.When(story.Leaves(story.Bullying, "child")).Refused("PARTICIPANT_ABSENT")
}

// TestReceiverComesOnlyByItsHandover: before it came and after it went, its
// counsellors have no way in.
func TestReceiverComesOnlyByItsHandover(t *testing.T) {
	story.At(t, "OFFERED").When(story.Comes(story.Emergency, "ola")).Refused("CONVERSATION_NOT_YOURS")
	story.At(t, "ACCEPTED").When(story.Comes(story.Emergency, "eva")).Refused("CUSTODY_NOT_YOURS")
	story.At(t, "RETURNED").When(story.Comes(story.Emergency, "eva")).Refused("CUSTODY_NOT_YOURS")
	story.At(t, "CANCELLED").When(story.Comes(story.Emergency, "eva")).Refused("CUSTODY_NOT_YOURS")
	for _, state := range []string{"BRIEFING", "BRIDGED", "CONFIRMING", "TRANSFERRED", "AWAITING_OUTCOME", "CLOSED"} {
		story.At(t, state).When(story.Comes(story.Emergency, "eva")).Gives("ParticipantJoined")
	}
}

func TestSenderComesUntilTheOverlapIsOver(t *testing.T) {
	story.At(t, "TRANSFERRED").When(story.Comes(story.Bullying, "per")).Gives("ParticipantJoined")
	story.At(t, "AWAITING_OUTCOME").When(story.Comes(story.Bullying, "per")).Refused("CUSTODY_NOT_YOURS")
}

func TestReceiverGoesWhenTheHandoverFails(t *testing.T) {
	for _, fail := range []decide.Command{story.First.Cancel(), story.First.Withdraw()} {
		s := story.At(t, "BRIDGED").Given(story.Comes(story.Emergency, "eva"), fail, deadline.Advance{})
		if n := handover.Of(s.State.Conversation).Counsellors(story.Emergency); n != 0 {
			t.Errorf("%d of the receiver are there after %s", n, story.CommandName(fail))
		}
		if n := handover.Of(s.State.Conversation).Counsellors(story.Bullying); n != 1 {
			t.Errorf("%d of the sender are there after %s, want 1", n, story.CommandName(fail))
		}
	}
}

func TestReceiverLeavesAsItLikesBeforeCustodyMoves(t *testing.T) {
	story.At(t, "BRIDGED").When(story.Leaves(story.Emergency, "ola")).Gives("ParticipantLeft")
}
