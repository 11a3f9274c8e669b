package deadline_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover/deadline"
	"github.com/stafett/stafett/pkg/internal/story"
)

// TestAlertsRestWhileTheChildIsAway, and are counted on.
func TestAlertsRestWhileTheChildIsAway(t *testing.T) {
	for _, goes := range gone {
		s := story.Opened(t).Given(story.DropsOut(story.Bullying, "kim")).Looks().Alerts(1, 15*time.Second)
		s.Given(goes).Alerts(1, 0).Wait(time.Hour).When(s.Advance()).Gives()
		s.Given(story.ChildComes()).When(s.Advance()).Gives("CustodyAlerted").Alerts(2, 15*time.Second)
	}
}

// TestAFlappingChildIsEscalated: each return to nobody is the next alert, at once,
// so that a child whose connection comes and goes is told of to the supervisors too.
func TestAFlappingChildIsEscalated(t *testing.T) {
	s := story.Opened(t).Given(story.DropsOut(story.Bullying, "kim")).Looks()
	for n := uint32(2); n < 6; n++ {
		s.Wait(time.Second).Given(story.DropsOut(story.Bullying, "child")).Looks().Wait(time.Second).Given(story.ChildComes())
		if due, _ := deadline.Due(s.State.Conversation); due != deadline.AtOnce {
			t.Errorf("before alert %d it is due at %s, want at once", n, due)
		}
		if n > 3 {
			s.When(s.Advance()).Gives("SupervisorTold", "CustodyAlerted").Alerts(n, 5*time.Minute)
			continue
		}
		s.When(s.Advance()).Gives("CustodyAlerted").Told().Alerts(n, 15*time.Second)
	}
	s.Told(story.Bullying + " UNATTENDED").Called(2)
}

// TestOnlyACounsellorOfTheLineEndsTheCount, or that custody moves, or the close.
func TestOnlyACounsellorOfTheLineEndsTheCount(t *testing.T) {
	alone := func(state string) *story.Story {
		return story.At(t, state).Given(story.DropsOut(story.Bullying, "kim")).Looks().Alerts(1, 15*time.Second)
	}
	alone("BRIDGED").Given(story.Comes(story.Emergency, "eva")).Alerts(1, 15*time.Second)
	alone("BRIDGED").Given(story.Comes(story.Bullying, "per")).Alerts(0, 0)
	alone("PROPOSED").Given(story.Leaves(story.Bullying, "child"), story.Comes(story.Bullying, "per")).Alerts(0, 0)
	alone("CONFIRMING").Given(story.First.Agree()).Looks().Alerts(0, 0)
	story.Opened(t).Given(story.DropsOut(story.Bullying, "kim")).Looks().Given(story.Leaves(story.Bullying, "child"), story.Closes(story.Bullying)).Alerts(0, 0)
}

// TestInTheOverlapBothLinesSupervisorsAreTold: the sender is still with the child.
// Afterwards it is the receiver's alone.
func TestInTheOverlapBothLinesSupervisorsAreTold(t *testing.T) {
	s := story.At(t, "TRANSFERRED").Given(story.DropsOut(story.Emergency, "ola")).Passes(45*time.Second - 1).Told()
	s.Wait(1).When(s.Advance()).Gives("SupervisorTold", "SupervisorTold", "CustodyAlerted")
	s.Told(story.Emergency+" UNATTENDED", story.Bullying+" UNATTENDED")

	s = story.At(t, "AWAITING_OUTCOME").Given(story.DropsOut(story.Emergency, "ola")).Passes(45 * time.Second)
	s.Told(story.Emergency + " UNATTENDED")
}

// TestCallsOfSupervisorsAreMerged per line, reason and handover, and have the time
// of the last.
func TestCallsOfSupervisorsAreMerged(t *testing.T) {
	s := story.Opened(t).Given(story.CallsHelp(story.Bullying, "kim")).Passes(65 * time.Minute).Told(story.Bullying + " EMERGENCY_UNCONFIRMED").Called(3)
	if last := s.State.Conversation.SupervisorCalls[0].Time.AsTime(); !last.Equal(s.Now) {
		t.Errorf("the last was at %s, want %s", last, s.Now)
	}
	s = story.Routed(t, story.Imminent, story.Emergency, story.Mind).Looks().Given(story.First.Cancel()).Passes(time.Minute)
	s.Told(story.Emergency+" CANCEL_UNCONFIRMED", story.Mind+" CANCEL_UNCONFIRMED").Called(1, 1)
	p := story.First
	p.N = 2
	s = story.At(t, "RETURNED").Passes(time.Minute).To(p, story.StateOf("RETURNED")).Passes(time.Minute)
	s.Told(story.Bullying+" NO_DECISION", story.Bullying+" NO_DECISION").Called(1, 1)
}
