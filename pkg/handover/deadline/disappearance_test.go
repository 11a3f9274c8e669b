package deadline_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const disappeared = story.Bullying + " CHILD_DISAPPEARED"

// endangered is a conversation whose child is at a risk.
func endangered(t *testing.T, level handoverv1.RiskLevel) *story.Story {
	return story.Opened(t).Given(story.Risk(story.Bullying, level))
}

// TestSupervisorsAreToldOfAChildInDangerWhoDisappears at once, and every five minutes until the line
// has decided what to do, whichever way the child went.
func TestSupervisorsAreToldOfAChildInDangerWhoDisappears(t *testing.T) {
	for how, goes := range gone {
		for _, level := range []handoverv1.RiskLevel{story.Serious, story.Imminent} {
			s := endangered(t, level).Given(goes)
			s.When(s.Advance()).Gives("SupervisorTold").Told(disappeared)
			for range 3 {
				s.Wait(5*time.Minute - 1).When(s.Advance()).Gives()
				s.Wait(1).When(s.Advance()).Gives("SupervisorTold").Told(disappeared)
			}
			s.When(story.Searches(story.Bullying, "kim")).Gives("DisappearanceDecided")
			if s.Passes(time.Hour).View(story.Bullying).Disappearance.GetDecision().String() != "DISAPPEARANCE_DECISION_SEARCH" {
				t.Errorf("%s: the line does not see what it decided", how)
			}
			s.Called(4)
		}
	}
}

// TestNobodyIsToldOfAChildWhoIsNotInDanger, before its risk rises.
func TestNobodyIsToldOfAChildWhoIsNotInDanger(t *testing.T) {
	s := endangered(t, handoverv1.RiskLevel_RISK_LEVEL_R2).Given(story.DropsOut(story.Bullying, "child"))
	s.When(s.Advance()).Gives()
	s.When(story.Searches(story.Bullying, "kim")).Refused("CHILD_NOT_DISAPPEARED")
	s.Given(story.Risk(story.Bullying, story.Serious)).When(s.Advance()).Gives("SupervisorTold").Told(disappeared)
	s.Given(story.Risk(story.Bullying, handoverv1.RiskLevel_RISK_LEVEL_R1)).Passes(time.Hour).Called(1)
}

// TestAChildWhoIsBackHasNotDisappeared, until it goes once more.
func TestAChildWhoIsBackHasNotDisappeared(t *testing.T) {
	s := endangered(t, story.Imminent).Given(story.DropsOut(story.Bullying, "child")).Looks().Given(story.ChildComes())
	s.Passes(time.Hour).Called(1).When(story.Searches(story.Bullying, "kim")).Refused("CHILD_NOT_DISAPPEARED")
	s.Given(story.DropsOut(story.Bullying, "child")).When(s.Advance()).Gives("SupervisorTold").Told(disappeared)
}

// TestWhoDecidesBeforeSupervisorsWereTold tells them as well, and so does who calls help.
func TestWhoDecidesBeforeSupervisorsWereTold(t *testing.T) {
	for c, gives := range map[decide.Command][]string{
		story.Searches(story.Bullying, "kim"):  {"SupervisorTold", "DisappearanceDecided"},
		story.CallsHelp(story.Bullying, "kim"): {"EmergencyCalled", "SupervisorTold", "DisappearanceDecided"},
	} {
		endangered(t, story.Imminent).Given(story.DropsOut(story.Bullying, "child")).When(c).Gives(gives...)
	}
	s := endangered(t, story.Imminent).Given(story.DropsOut(story.Bullying, "child"))
	s.When(story.Searches(story.Bullying, "child")).Refused("PARTICIPANT_NOT_COUNSELLOR")
	s.When(story.Searches(story.Mind, "siv")).Refused("CONVERSATION_NOT_YOURS")
}

// TestAnAbandonedHandoverAsksOnceMore what is done about a child in danger, although that was decided.
func TestAnAbandonedHandoverAsksOnceMore(t *testing.T) {
	s := story.At(t, "BRIDGED").Given(story.Risk(story.Bullying, story.Imminent), story.DropsOut(story.Bullying, "child")).Looks()
	s.Given(story.Searches(story.Bullying, "kim")).Passes(15*time.Minute - 1)
	s.Wait(1).When(s.Advance()).Gives("HandoverAbandoned", "SupervisorTold").Told(disappeared)
	s.Wait(5 * time.Minute).When(s.Advance()).Gives("SupervisorTold").Told(disappeared)
}

// TestTheNextLineWithCustodyDecidesForItself.
func TestTheNextLineWithCustodyDecidesForItself(t *testing.T) {
	s := story.At(t, "CONFIRMING").Given(story.Risk(story.Bullying, story.Imminent), story.First.Agree(), story.DropsOut(story.Bullying, "child"))
	s.Passes(time.Second)
	if s.View(story.Emergency).Disappearance.GetLine() != "lines/"+story.Emergency || s.View(story.Bullying).Disappearance != nil {
		t.Error("not told whoever has custody now")
	}
	s.When(story.Searches(story.Bullying, "kim")).Refused("CUSTODY_NOT_YOURS")
	s.When(story.Searches(story.Emergency, "ola")).Gives("DisappearanceDecided")
}
