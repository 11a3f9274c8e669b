package handover_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
)

// third is a story that has been handed over twice and is to be once more.
func third(t *testing.T) (*story, pass) {
	s := again(t, second, "CLOSED").wait(time.Hour)
	p := pass{3, mind, "siv", alcohol, "bo"}
	s.rank = plan(alcohol)
	s.given(p.propose()).stands("PROPOSED SUPERVISOR 5m0s")
	return s, p
}

// TestAThirdTransferNeedsASupervisor: until one agrees nothing goes on, but the
// child may be told where to go, put off, or helped in an emergency.
func TestAThirdTransferNeedsASupervisor(t *testing.T) {
	s, p := third(t)
	h := handover.Of(s.state.Conversation).Current()
	if !h.SupervisorNeeded || h.Hop != 3 || h.Parent != 2 {
		t.Errorf("it is %v", h)
	}
	for _, c := range []handover.Command{p.ask(), p.override()} {
		if r := s.when(c).refused("HOP_LIMIT"); r.Metadata["hop"] != "3" {
			t.Errorf("%s says %v", commandName(c), r.Metadata)
		}
	}
	s.when(with(p.approve(), "Supervisor", "siv")).refused("SECOND_PERSON_MISSING")
	s.when(with(p.approve(), "Supervisor", "")).refused("SECOND_PERSON_MISSING")
	s.when(by(emergency, p.approve())).refused("NOT_THE_SENDER")
	s.when(p.approve()).gives("HopApproved").stands("PROPOSED SENDER")
	if got := handover.Of(s.state.Conversation).Current().Supervisor; got != "chief" {
		t.Errorf("%q agreed", got)
	}
	s.when(p.approve()).refused("NOTHING_TO_DECIDE")
	s.when(p.ask()).gives("ConsentAsked")
}

func TestASupervisorSaysNo(t *testing.T) {
	s, p := third(t)
	s.when(with(p.approve(), "Approve", false)).gives("HandoverReturned").stands("RETURNED SENDER").returned("HOP_LIMIT")
	s.when(s.advance()).gives()
	s.when(p.propose()).gives("HandoverProposed", "SupervisorTold").stands("PROPOSED SUPERVISOR 5m0s")
}

func TestWhatNeedsNoSupervisor(t *testing.T) {
	s, p := third(t)
	s.when(p.callEmergency()).gives("EmergencyCalled")
	s, p = third(t)
	s.when(s.putOff(p, time.Hour)).gives("HandoverDeferred")
	s, p = third(t)
	s.when(p.signpost()).gives("HandoverSignposted")
	at(t, "PROPOSED").when(first.approve()).refused("NOTHING_TO_DECIDE")
}

func TestTheSupervisorStaysNextWhenTheChildComesBack(t *testing.T) {
	s, p := third(t)
	s.given(leaves(bullying, "child")).looks().stands("PROPOSED CHILD 15m0s")
	s.given(childComes()).looks().stands("PROPOSED SUPERVISOR 5m0s")
	s.given(p.approve()).stands("PROPOSED SENDER")
}

func TestHopLimitIsOfTheRules(t *testing.T) {
	s := at(t, "CLOSED")
	s.rules.Hops = 1
	s.given(second.propose()).stands("PROPOSED SUPERVISOR 5m0s")
}

// TestASupervisorIsAskedAgain every five minutes, until one decides.
func TestASupervisorIsAskedAgain(t *testing.T) {
	s, p := third(t)
	for range 3 {
		s.wait(5*time.Minute - 1).when(s.advance()).gives()
		s.wait(1).when(s.advance()).gives("SupervisorTold").stands("PROPOSED SUPERVISOR 5m0s").told(mind + " HOP")
	}
	s.given(p.approve()).wait(time.Hour).when(s.advance()).gives()

	s, p = third(t)
	s.given(with(p.approve(), "Approve", false)).passes(time.Hour).told(mind+" HOP", mind+" NO_DECISION")
}

// TestASupervisorIsAskedAgainWhenTheChildIsBack.
func TestASupervisorIsAskedAgainWhenTheChildIsBack(t *testing.T) {
	s, _ := third(t)
	s.given(leaves(bullying, "child")).looks().wait(10 * time.Minute).given(childComes()).looks()
	s.stands("PROPOSED SUPERVISOR 5m0s").wait(5 * time.Minute).when(s.advance()).gives("SupervisorTold")
	s = slowThird(t).given(leaves(bullying, "child")).looks().wait(10 * time.Minute).given(childComes()).looks()
	s.stands("PROPOSED SUPERVISOR 12h0m0s").wait(12 * time.Hour).when(s.advance()).gives("SupervisorTold")
}

// TestASupervisorDecidesWhileTheChildIsAway: then its coming back is waited for.
func TestASupervisorDecidesWhileTheChildIsAway(t *testing.T) {
	s, p := third(t)
	s.given(leaves(bullying, "child")).looks().given(p.approve()).stands("PROPOSED CHILD 15m0s")
	s.given(childComes()).looks().stands("PROPOSED SENDER")
}

// slowThird is the same in sms: one handover has been, and the rules allow one.
func slowThird(t *testing.T) *story {
	s := slowly(t, sms, "CLOSED").wait(time.Hour)
	s.rules.Hops = 1
	s.when(second.propose()).gives("HandoverProposed", "SupervisorTold").stands("PROPOSED SUPERVISOR 12h0m0s")
	return s
}

// TestASlowDraftHasItsTimeFromTheApproval, and none before it.
func TestASlowDraftHasItsTimeFromTheApproval(t *testing.T) {
	s := slowThird(t).passes(3 * day)
	s.given(second.approve()).stands("PROPOSED SENDER 48h0m0s")
	s.wait(2*day - 1).when(s.advance()).gives()
	s.wait(1).when(s.advance()).gives("HandoverReturned").returned("BUDGET_SPENT")
}
