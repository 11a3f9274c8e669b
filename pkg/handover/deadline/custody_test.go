package deadline_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestALineIsAlertedOfAChildThatIsAlone: at once, three times, and then its
// supervisors, for as long as it lasts.
func TestALineIsAlertedOfAChildThatIsAlone(t *testing.T) {
	s := story.Opened(t).Given(story.DropsOut(story.Bullying, "kim"))
	if due, waiting := deadline.Due(s.State.Conversation); !waiting || due != deadline.AtOnce {
		t.Errorf("due at %s (%t), want at once", due, waiting)
	}
	s.When(s.Advance()).Gives("CustodyAlerted")
	for range 2 {
		s.Wait(15*time.Second - 1).When(s.Advance()).Gives()
		s.Wait(1).When(s.Advance()).Gives("CustodyAlerted").Told()
	}
	s.Wait(15*time.Second).When(s.Advance()).Gives("SupervisorTold", "CustodyAlerted").Told(story.Bullying + " UNATTENDED")
	s.Wait(5*time.Minute - 1).When(s.Advance()).Gives()
	s.Wait(1).When(s.Advance()).Gives("SupervisorTold", "CustodyAlerted")
	if got := s.State.Conversation.Custody.Alerts; got != 5 {
		t.Errorf("%d alerts, want 5", got)
	}
}

// TestTheAlertEndsWhenSomebodyIsThere, or it is closed, and begins again the next
// time.
func TestTheAlertEndsWhenSomebodyIsThere(t *testing.T) {
	for name, ends := range map[string]decide.Command{
		"a counsellor comes": story.Comes(story.Bullying, "per"), "it is closed": story.Closes(story.Bullying),
	} {
		s := story.Opened(t).Given(story.DropsOut(story.Bullying, "kim")).Looks().Given(ends)
		if c := s.State.Conversation.Custody; c.Alerts != 0 || c.AlertDeadline != nil {
			t.Errorf("%s: custody is %v", name, c)
		}
		s.Wait(time.Hour).When(s.Advance()).Gives()
	}
	s := story.Opened(t).Given(story.DropsOut(story.Bullying, "kim")).Looks().Given(story.Comes(story.Bullying, "kim"), story.DropsOut(story.Bullying, "kim"))
	o := s.When(s.Advance())
	if o.Gives("CustodyAlerted"); o.Decision.Events[0].GetCustodyAlerted().Alert != 1 {
		t.Errorf("it says %v, want the first alert", o.Decision.Events[0])
	}
}

func TestAlertsToALineAreNotMadeUpFor(t *testing.T) {
	s := story.Opened(t).Given(story.DropsOut(story.Bullying, "kim")).Looks().WentDown().Wait(24 * time.Hour)
	s.When(s.Advance()).Gives("CustodyAlerted")
	s.When(s.Advance()).Gives()
}

// TestAChildWhoWaitsIsAlertedAbout: its line after one minute and two, supervisors after
// three and then every five, until a counsellor comes.
func TestAChildWhoWaitsIsAlertedAbout(t *testing.T) {
	s := story.Begin(t).Given(story.OpenConversation())
	for _, gives := range [][]string{{"CustodyAlerted"}, {"CustodyAlerted"}, {"SupervisorTold", "CustodyAlerted"}} {
		s.Wait(time.Minute - 1).When(s.Advance()).Gives()
		s.Wait(1).When(s.Advance()).Gives(gives...)
	}
	s.Wait(5*time.Minute - 1).When(s.Advance()).Gives()
	s.Wait(1).When(s.Advance()).Gives("SupervisorTold", "CustodyAlerted").Told(story.Bullying + " WAITING")
	s.Given(story.DropsOut(story.Bullying, "child")).Wait(time.Hour).When(s.Advance()).Gives()
	s.Given(story.ChildComes()).When(s.Advance()).Gives("SupervisorTold", "CustodyAlerted")
	s.Given(story.Comes(story.Bullying, "kim")).Wait(time.Hour).When(s.Advance()).Gives()
}

// TestAChildInDangerWaitsForNoAlert, and its supervisors are told with the first; on slow
// channels a child waits for hours.
func TestAChildInDangerWaitsForNoAlert(t *testing.T) {
	s := story.Begin(t).Given(story.OpenConversation(), story.Risk(story.Bullying, handoverv1.RiskLevel_RISK_LEVEL_R3))
	s.When(s.Advance()).Gives("SupervisorTold", "CustodyAlerted")
	s = story.Opened(t).Given(story.Risk(story.Bullying, story.Imminent), story.DropsOut(story.Bullying, "kim"))
	s.When(s.Advance()).Gives("SupervisorTold", "CustodyAlerted")
	s = story.Begin(t).Given(story.Opening(story.Sms)).Wait(time.Hour - 1)
	s.When(s.Advance()).Gives()
	s.Wait(1).When(s.Advance()).Gives("CustodyAlerted")
}

// TestNobodyIsAlerted of a child that is not there, and of one in slow writing whom a
// counsellor has met.
func TestNobodyIsAlerted(t *testing.T) {
	story.Opened(t).Given(story.Leaves(story.Bullying, "child"), story.Leaves(story.Bullying, "kim")).When(deadline.Advance{}).Gives()
	story.Begin(t).Given(story.Opening(story.Sms), story.Comes(story.Bullying, "kim"), story.DropsOut(story.Bullying, "kim")).When(deadline.Advance{}).Gives()
	story.Begin(t).When(deadline.Advance{}).Refused("CONVERSATION_NOT_FOUND")
}

// TestTheNewLineIsAlerted once custody has moved, also while the sender is there.
func TestTheNewLineIsAlerted(t *testing.T) {
	s := story.At(t, "TRANSFERRED").Given(story.DropsOut(story.Emergency, "ola"))
	o := s.When(s.Advance())
	o.Gives("CustodyAlerted")
	if a := o.Decision.Events[0].GetCustodyAlerted(); a.Line != story.Emergency || a.Epoch != 2 {
		t.Errorf("it says %v", a)
	}
	story.At(t, "TRANSFERRED").Given(story.DropsOut(story.Bullying, "kim")).When(deadline.Advance{}).Gives()
}

// TestTheSenderIsAlertedDuringAHandover, whatever its state.
func TestTheSenderIsAlertedDuringAHandover(t *testing.T) {
	for state := range story.States {
		s := story.At(t, state)
		if c := s.State.Conversation; c.Custody.Line != story.Bullying || !handover.Of(c).Child().Present {
			continue
		}
		if o := s.Given(story.DropsOut(story.Bullying, "kim")).When(s.Advance()); len(o.Decision.Events) == 0 || o.Decision.Events[0].GetCustodyAlerted().GetLine() != story.Bullying {
			t.Errorf("in %s it came to %v", state, o.Decision.Events)
		}
	}
}

// TestTheSenderStaysWhileTheReceiverIsAway: the overlap is extended, and the
// sender's last may not go in any other way.
func TestTheSenderStaysWhileTheReceiverIsAway(t *testing.T) {
	s := story.At(t, "TRANSFERRED").Given(story.DropsOut(story.Emergency, "ola"))
	s.When(story.Leaves(story.Bullying, "kim")).Refused("SENDER_LEAVES_LAST")
	s.When(story.First.Leave()).Refused("PARTICIPANT_ABSENT")
	for range 3 {
		s.Passes(time.Minute).Stands("TRANSFERRED SENDER 1m0s")
	}
	s.Given(story.Comes(story.Emergency, "ola")).When(story.Leaves(story.Bullying, "kim")).Gives("ParticipantLeft")
	s.Wait(time.Minute).When(s.Advance()).Gives("SenderLeft")
}

// TestTheOverlapEnds where nobody of the sender is there, or no child.
func TestTheOverlapEnds(t *testing.T) {
	for _, goes := range []decide.Command{story.DropsOut(story.Bullying, "kim"), story.Leaves(story.Bullying, "child")} {
		s := story.At(t, "TRANSFERRED").Given(goes, story.DropsOut(story.Emergency, "ola")).Passes(time.Minute)
		s.Stands("AWAITING_OUTCOME RECEIVER 24h0m0s")
	}
}

func TestTwoOfTheSendersMayGoOneByOne(t *testing.T) {
	s := story.At(t, "TRANSFERRED").Given(story.Comes(story.Bullying, "per"), story.DropsOut(story.Emergency, "ola"))
	s.When(story.Leaves(story.Bullying, "kim")).Gives("ParticipantLeft")
	s.When(story.Leaves(story.Bullying, "per")).Refused("SENDER_LEAVES_LAST")
}

func TestProposingNeedsACounsellor(t *testing.T) {
	story.Begin(t).Given(story.OpenConversation()).When(story.First.Propose()).Refused("PARTICIPANT_ABSENT")
	story.Opened(t).Given(story.DropsOut(story.Bullying, "kim")).When(story.First.Propose()).Refused("PARTICIPANT_ABSENT")
}
