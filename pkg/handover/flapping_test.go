package handover_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
)

// alerts expects how many alerts count, and that one is due in some time; 0: that
// they rest.
func (s *story) alerts(n uint32, due time.Duration) *story {
	s.t.Helper()
	c := s.state.Conversation.Custody
	var left time.Duration
	if c.AlertDeadline != nil {
		left = c.AlertDeadline.AsTime().Sub(s.now)
	}
	if c.Alerts != n || left != due {
		s.t.Errorf("%d alerts count and the next is in %s, want %d and %s", c.Alerts, left, n, due)
	}
	return s
}

// TestAlertsRestWhileTheChildIsAway, and are counted on.
func TestAlertsRestWhileTheChildIsAway(t *testing.T) {
	for _, goes := range gone {
		s := opened(t).given(dropsOut(bullying, "kim")).looks().alerts(1, 15*time.Second)
		s.given(goes).alerts(1, 0).wait(time.Hour).when(s.advance()).gives()
		s.given(childComes()).when(s.advance()).gives("CustodyAlerted").alerts(2, 15*time.Second)
	}
}

// TestAFlappingChildIsEscalated: each return to nobody is the next alert, at once,
// so that a child whose connection comes and goes is told of to the supervisors too.
func TestAFlappingChildIsEscalated(t *testing.T) {
	s := opened(t).given(dropsOut(bullying, "kim")).looks()
	for n := uint32(2); n < 6; n++ {
		s.wait(time.Second).given(dropsOut(bullying, "child")).looks().wait(time.Second).given(childComes())
		if due, _ := handover.Due(s.state.Conversation); due != handover.AtOnce {
			t.Errorf("before alert %d it is due at %s, want at once", n, due)
		}
		if n > 3 {
			s.when(s.advance()).gives("SupervisorTold", "CustodyAlerted").alerts(n, 5*time.Minute)
			continue
		}
		s.when(s.advance()).gives("CustodyAlerted").told().alerts(n, 15*time.Second)
	}
	s.told(bullying + " UNATTENDED").called(2)
}

// TestOnlyACounsellorOfTheLineEndsTheCount, or that custody moves, or the close.
func TestOnlyACounsellorOfTheLineEndsTheCount(t *testing.T) {
	alone := func(state string) *story {
		return at(t, state).given(dropsOut(bullying, "kim")).looks().alerts(1, 15*time.Second)
	}
	alone("BRIDGED").given(comes(emergency, "eva")).alerts(1, 15*time.Second)
	alone("BRIDGED").given(comes(bullying, "per")).alerts(0, 0)
	alone("PROPOSED").given(leaves(bullying, "child"), comes(bullying, "per")).alerts(0, 0)
	alone("CONFIRMING").given(first.agree()).looks().alerts(0, 0)
	opened(t).given(dropsOut(bullying, "kim")).looks().given(leaves(bullying, "child"), closes(bullying)).alerts(0, 0)
}

// TestInTheOverlapBothLinesSupervisorsAreTold: the sender is still with the child.
// Afterwards it is the receiver's alone.
func TestInTheOverlapBothLinesSupervisorsAreTold(t *testing.T) {
	s := at(t, "TRANSFERRED").given(dropsOut(emergency, "ola")).passes(45*time.Second - 1).told()
	s.wait(1).when(s.advance()).gives("SupervisorTold", "SupervisorTold", "CustodyAlerted")
	s.told(emergency+" UNATTENDED", bullying+" UNATTENDED")

	s = at(t, "AWAITING_OUTCOME").given(dropsOut(emergency, "ola")).passes(45 * time.Second)
	s.told(emergency + " UNATTENDED")
}

// called expects how often supervisors were told, call by call.
func (s *story) called(want ...uint32) *story {
	s.t.Helper()
	calls := s.state.Conversation.SupervisorCalls
	if len(calls) != len(want) {
		s.t.Fatalf("there are %d calls, want %d", len(calls), len(want))
	}
	for i, call := range calls {
		if call.Count != want[i] {
			s.t.Errorf("call %d, %s to %s, was made %d times, want %d", i, call.Reason, call.Line, call.Count, want[i])
		}
	}
	return s
}

// TestCallsOfSupervisorsAreMerged per line, reason and handover, and have the time
// of the last.
func TestCallsOfSupervisorsAreMerged(t *testing.T) {
	s := at(t, "EMERGENCY").passes(15 * time.Minute).told(bullying + " EMERGENCY_UNCONFIRMED").called(3)
	if last := s.state.Conversation.SupervisorCalls[0].Time.AsTime(); !last.Equal(s.now) {
		t.Errorf("the last was at %s, want %s", last, s.now)
	}
	s = routed(t, imminent, emergency, mind).looks().given(first.cancel()).passes(time.Minute)
	s.told(emergency+" CANCEL_UNCONFIRMED", mind+" CANCEL_UNCONFIRMED").called(1, 1)
	p := first
	p.n = 2
	s = at(t, "RETURNED").passes(time.Minute).to(p, stateOf("RETURNED")).passes(time.Minute)
	s.told(bullying+" NO_DECISION", bullying+" NO_DECISION").called(1, 1)
}
