package command_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/internal/story"
)

// TestAThirdTransferNeedsASupervisor: until one agrees nothing goes on, but the
// child may be told where to go, put off, or helped in an emergency.
func TestAThirdTransferNeedsASupervisor(t *testing.T) {
	s, p := story.Third(t)
	h := handover.Of(s.State.Conversation).Current()
	if !h.SupervisorNeeded || h.Hop != 3 || h.Parent != 2 {
		t.Errorf("it is %v", h)
	}
	for _, c := range []decide.Command{p.Ask(), p.Override()} {
		if r := s.When(c).Refused("HOP_LIMIT"); r.Metadata["hop"] != "3" {
			t.Errorf("%s says %v", story.CommandName(c), r.Metadata)
		}
	}
	s.When(story.With(p.Approve(), "Supervisor", "siv")).Refused("SECOND_PERSON_MISSING")
	s.When(story.With(p.Approve(), "Supervisor", "")).Refused("SECOND_PERSON_MISSING")
	s.When(story.By(story.Emergency, p.Approve())).Refused("NOT_THE_SENDER")
	s.When(p.Approve()).Gives("HopApproved").Stands("PROPOSED SENDER 10m0s")
	if got := handover.Of(s.State.Conversation).Current().Supervisor; got != "chief" {
		t.Errorf("%q agreed", got)
	}
	s.When(p.Approve()).Refused("NOTHING_TO_DECIDE")
	s.When(p.Ask()).Gives("ConsentAsked")
}

func TestASupervisorSaysNo(t *testing.T) {
	s, p := story.Third(t)
	s.When(story.With(p.Approve(), "Approve", false)).Gives("HandoverReturned").Stands("RETURNED SENDER").Returned("HOP_LIMIT")
	s.When(s.Advance()).Gives()
	s.When(p.Propose()).Gives("HandoverProposed", "SupervisorTold").Stands("PROPOSED SUPERVISOR 5m0s")
}

func TestWhatNeedsNoSupervisor(t *testing.T) {
	s, p := story.Third(t)
	s.When(story.CallsHelp(p.From, p.Sender)).Gives("EmergencyCalled")
	s, p = story.Third(t)
	s.When(s.PutOff(p, time.Hour)).Gives("HandoverDeferred")
	s, p = story.Third(t)
	s.When(p.Signpost()).Gives("HandoverSignposted")
	story.At(t, "PROPOSED").When(story.First.Approve()).Refused("NOTHING_TO_DECIDE")
}

func TestTheSupervisorStaysNextWhenTheChildComesBack(t *testing.T) {
	s, p := story.Third(t)
	s.Given(story.Leaves(story.Bullying, "child")).Looks().Stands("PROPOSED CHILD 15m0s")
	s.Given(story.ChildComes()).Looks().Stands("PROPOSED SUPERVISOR 5m0s")
	s.Given(p.Approve()).Stands("PROPOSED SENDER 10m0s")
}

func TestHopLimitIsOfTheRules(t *testing.T) {
	s := story.At(t, "CLOSED")
	s.Rules.Hops = 1
	s.Given(story.Second.Propose()).Stands("PROPOSED SUPERVISOR 5m0s")
}

// TestASupervisorIsAskedAgain every five minutes, until one decides.
func TestASupervisorIsAskedAgain(t *testing.T) {
	s, p := story.Third(t)
	for range 3 {
		s.Wait(5*time.Minute - 1).When(s.Advance()).Gives()
		s.Wait(1).When(s.Advance()).Gives("SupervisorTold").Stands("PROPOSED SUPERVISOR 5m0s").Told(story.Mind + " HOP")
	}
	s.Given(p.Approve()).Wait(10*time.Minute - 1).When(s.Advance()).Gives()

	s, p = story.Third(t)
	s.Given(story.With(p.Approve(), "Approve", false)).Passes(time.Hour).Told(story.Mind+" HOP", story.Mind+" NO_DECISION")
}

// TestASupervisorIsAskedAgainWhenTheChildIsBack.
func TestASupervisorIsAskedAgainWhenTheChildIsBack(t *testing.T) {
	s, _ := story.Third(t)
	s.Given(story.Leaves(story.Bullying, "child")).Looks().Wait(10 * time.Minute).Given(story.ChildComes()).Looks()
	s.Stands("PROPOSED SUPERVISOR 5m0s").Wait(5 * time.Minute).When(s.Advance()).Gives("SupervisorTold")
	s = slowThird(t).Given(story.Leaves(story.Bullying, "child")).Looks().Wait(10 * time.Minute).Given(story.ChildComes()).Looks()
	s.Stands("PROPOSED SUPERVISOR 12h0m0s").Wait(12 * time.Hour).When(s.Advance()).Gives("SupervisorTold")
}

// TestASupervisorDecidesWhileTheChildIsAway: then its coming back is waited for.
func TestASupervisorDecidesWhileTheChildIsAway(t *testing.T) {
	s, p := story.Third(t)
	s.Given(story.Leaves(story.Bullying, "child")).Looks().Given(p.Approve()).Stands("PROPOSED CHILD 15m0s")
	s.Given(story.ChildComes()).Looks().Stands("PROPOSED SENDER 10m0s")
}

// slowThird is the same in sms: one handover has been, and the rules allow one.
func slowThird(t *testing.T) *story.Story {
	s := story.Slowly(t, story.Sms, "CLOSED").Wait(time.Hour)
	s.Rules.Hops = 1
	s.When(story.Second.Propose()).Gives("HandoverProposed", "SupervisorTold").Stands("PROPOSED SUPERVISOR 12h0m0s")
	return s
}

// TestASlowDraftHasItsTimeFromTheApproval, and none before it.
func TestASlowDraftHasItsTimeFromTheApproval(t *testing.T) {
	s := slowThird(t).Passes(3 * story.Day)
	s.Given(story.Second.Approve()).Stands("PROPOSED SENDER 48h0m0s")
	s.Wait(2*story.Day - 1).When(s.Advance()).Gives()
	s.Wait(1).When(s.Advance()).Gives("HandoverReturned").Returned("BUDGET_SPENT")
}

// TestDangerDoesNotWaitForTheSupervisor: emergency lines are asked, and no others.
func TestDangerDoesNotWaitForTheSupervisor(t *testing.T) {
	s, p := story.Third(t)
	s.Rank = story.Plan(story.Alcohol, story.Emergency)
	s.Given(story.Risk(p.From, story.Imminent)).Stands("PROPOSED SENDER 5m0s").Told(p.From + " HOP")
	s.Given(p.Ask(), p.Give(story.Intro)).Looks().Offers(story.Emergency + " SENT")

	s, p = story.Third(t)
	s.Given(story.Risk(p.From, story.Imminent), p.Ask(), p.Give(story.Intro)).Looks().Returned("HOP_LIMIT")

	s, p = story.Third(t)
	s.Rank = story.Plan(story.Emergency)
	s.Given(story.Risk(p.From, story.Imminent), p.Ask(), story.Risk(p.From, story.Serious), p.Give(story.Intro)).Looks().Returned("HOP_LIMIT")
}
