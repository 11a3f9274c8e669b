package handover_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
)

// TestALineIsAlertedOfAChildThatIsAlone: at once, three times, and then its
// supervisors, for as long as it lasts.
func TestALineIsAlertedOfAChildThatIsAlone(t *testing.T) {
	s := opened(t).given(dropsOut(bullying, "kim"))
	if due, waiting := handover.Due(s.state.Conversation); !waiting || due != handover.AtOnce {
		t.Errorf("due at %s (%t), want at once", due, waiting)
	}
	s.when(s.advance()).gives("CustodyAlerted")
	for range 2 {
		s.wait(15*time.Second - 1).when(s.advance()).gives()
		s.wait(1).when(s.advance()).gives("CustodyAlerted").told()
	}
	s.wait(15*time.Second).when(s.advance()).gives("SupervisorTold", "CustodyAlerted").told(bullying + " UNATTENDED")
	s.wait(5*time.Minute - 1).when(s.advance()).gives()
	s.wait(1).when(s.advance()).gives("SupervisorTold", "CustodyAlerted")
	if got := s.state.Conversation.Custody.Alerts; got != 5 {
		t.Errorf("%d alerts, want 5", got)
	}
}

// TestTheAlertEndsWhenSomebodyIsThere, or it is closed, and begins anew the next
// time.
func TestTheAlertEndsWhenSomebodyIsThere(t *testing.T) {
	for name, ends := range map[string]handover.Command{
		"a counsellor comes": comes(bullying, "per"), "it is closed": closes(bullying),
	} {
		s := opened(t).given(dropsOut(bullying, "kim")).looks().given(ends)
		if c := s.state.Conversation.Custody; c.Alerts != 0 || c.AlertDeadline != nil {
			t.Errorf("%s: custody is %v", name, c)
		}
		s.wait(time.Hour).when(s.advance()).gives()
	}
	s := opened(t).given(dropsOut(bullying, "kim")).looks().given(comes(bullying, "kim"), dropsOut(bullying, "kim"))
	o := s.when(s.advance())
	if o.gives("CustodyAlerted"); o.decision.Events[0].GetCustodyAlerted().Alert != 1 {
		t.Errorf("it says %v, want the first alert", o.decision.Events[0])
	}
}

func TestAlertsToALineAreNotMadeUpFor(t *testing.T) {
	s := opened(t).given(dropsOut(bullying, "kim")).looks().wentDown().wait(24 * time.Hour)
	s.when(s.advance()).gives("CustodyAlerted")
	s.when(s.advance()).gives()
}

// TestNobodyIsAlerted of a child that waits for its first counsellor, one that is
// not there, and one in slow writing.
func TestNobodyIsAlerted(t *testing.T) {
	begin(t).given(openConversation()).wait(time.Hour).when(handover.Advance{}).gives()
	opened(t).given(leaves(bullying, "child"), leaves(bullying, "kim")).when(handover.Advance{}).gives()
	begin(t).given(opening(sms), comes(bullying, "kim"), dropsOut(bullying, "kim")).when(handover.Advance{}).gives()
	begin(t).when(handover.Advance{}).refused("CONVERSATION_NOT_FOUND")
}

// TestTheNewLineIsAlerted once custody has moved, also while the sender is there.
func TestTheNewLineIsAlerted(t *testing.T) {
	s := at(t, "TRANSFERRED").given(dropsOut(emergency, "ola"))
	o := s.when(s.advance())
	o.gives("CustodyAlerted")
	if a := o.decision.Events[0].GetCustodyAlerted(); a.Line != emergency || a.Epoch != 2 {
		t.Errorf("it says %v", a)
	}
	at(t, "TRANSFERRED").given(dropsOut(bullying, "kim")).when(handover.Advance{}).gives()
}

// TestTheSenderIsAlertedDuringAHandover, whatever its state.
func TestTheSenderIsAlertedDuringAHandover(t *testing.T) {
	for state := range states {
		s := at(t, state)
		if c := s.state.Conversation; c.Custody.Line != bullying || !handover.Of(c).Child().Present {
			continue
		}
		if o := s.given(dropsOut(bullying, "kim")).when(s.advance()); len(o.decision.Events) == 0 || o.decision.Events[0].GetCustodyAlerted().GetLine() != bullying {
			t.Errorf("in %s it came to %v", state, o.decision.Events)
		}
	}
}

// TestTheSenderStaysWhileTheReceiverIsAway: the overlap is extended, and the
// sender's last may not go in any other way.
func TestTheSenderStaysWhileTheReceiverIsAway(t *testing.T) {
	s := at(t, "TRANSFERRED").given(dropsOut(emergency, "ola"))
	s.when(leaves(bullying, "kim")).refused("SENDER_LEAVES_LAST")
	s.when(first.leave()).refused("PARTICIPANT_ABSENT")
	for range 3 {
		s.passes(time.Minute).stands("TRANSFERRED SENDER 1m0s")
	}
	s.given(comes(emergency, "ola")).when(leaves(bullying, "kim")).gives("ParticipantLeft")
	s.wait(time.Minute).when(s.advance()).gives("SenderLeft")
}

// TestTheOverlapEnds where nobody of the sender is there, or no child.
func TestTheOverlapEnds(t *testing.T) {
	for _, goes := range []handover.Command{dropsOut(bullying, "kim"), leaves(bullying, "child")} {
		s := at(t, "TRANSFERRED").given(goes, dropsOut(emergency, "ola")).passes(time.Minute)
		s.stands("AWAITING_OUTCOME RECEIVER 24h0m0s")
	}
}

func TestTwoOfTheSendersMayGoOneByOne(t *testing.T) {
	s := at(t, "TRANSFERRED").given(comes(bullying, "per"), dropsOut(emergency, "ola"))
	s.when(leaves(bullying, "kim")).gives("ParticipantLeft")
	s.when(leaves(bullying, "per")).refused("SENDER_LEAVES_LAST")
}

func TestProposingNeedsACounsellor(t *testing.T) {
	begin(t).given(openConversation()).when(first.propose()).refused("PARTICIPANT_ABSENT")
	opened(t).given(dropsOut(bullying, "kim")).when(first.propose()).refused("PARTICIPANT_ABSENT")
}
