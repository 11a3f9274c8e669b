package command_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestHelpCanBeCalledInEveryState, and nothing else changes: the handover stands where it
// stood and everybody stays.
func TestHelpCanBeCalledInEveryState(t *testing.T) {
	story.Begin(t).Given(story.OpenConversation()).When(story.CallsHelp(story.Bullying, "kim")).Gives("EmergencyCalled")
	for state := range story.States {
		s := story.At(t, state)
		line := s.State.Conversation.Custody.Line
		before, here := handover.Of(s.State.Conversation).Current().State, people(s)
		s.When(story.CallsHelp(line, "kim")).Gives("EmergencyCalled")
		if after := handover.Of(s.State.Conversation).Current().State; after != before || people(s) != here {
			t.Errorf("in %s help changed the handover to %s, or who is there", state, after)
		}
	}
}

func people(s *story.Story) (n int) {
	for _, p := range s.State.Conversation.Participants {
		if p.Present {
			n++
		}
	}
	return n
}

// TestWhoIsWithTheChildCanCallHelp: both lines in the bridge and in the overlap, and
// whoever is alone with the child.
func TestWhoIsWithTheChildCanCallHelp(t *testing.T) {
	for _, state := range []string{"BRIDGED", "CONFIRMING", "TRANSFERRED"} {
		story.At(t, state).When(story.CallsHelp(story.Emergency, "ola")).Gives("EmergencyCalled")
		story.At(t, state).When(story.CallsHelp(story.Bullying, "kim")).Gives("EmergencyCalled")
	}
	story.At(t, "BRIEFING").When(story.CallsHelp(story.Emergency, "ola")).Refused("CUSTODY_NOT_YOURS")
	story.At(t, "BRIEFING").Given(story.DropsOut(story.Bullying, "kim")).When(story.CallsHelp(story.Emergency, "ola")).Gives("EmergencyCalled")
	story.At(t, "AWAITING_OUTCOME").When(story.CallsHelp(story.Bullying, "kim")).Refused("CUSTODY_NOT_YOURS")
	story.At(t, "BRIDGED").When(story.CallsHelp(story.Mind, "siv")).Refused("CONVERSATION_NOT_YOURS")
	story.Opened(t).When(story.CallsHelp(story.Bullying, "child")).Refused("PARTICIPANT_NOT_COUNSELLOR")
	story.At(t, "CONSENT_ASKED").Given(story.First.Refuse()).When(story.CallsHelp(story.Bullying, "kim")).Gives("EmergencyCalled")
}

// TestSupervisorsReviewAnEmergency that nobody has confirmed after five minutes, and every
// half hour from then on, also when the child is gone.
func TestSupervisorsReviewAnEmergency(t *testing.T) {
	s := story.Opened(t).Given(story.CallsHelp(story.Bullying, "kim"), story.Leaves(story.Bullying, "child"))
	s.Wait(4 * time.Minute).Given(story.CallsHelp(story.Bullying, "per")) // a second call gains no time
	s.Wait(time.Minute - 1).When(s.Advance()).Gives()
	s.Wait(1).When(s.Advance()).Gives("EmergencyOverdue", "SupervisorTold")
	for range 2 {
		s.Wait(30*time.Minute - 1).When(s.Advance()).Gives()
		s.Wait(1).When(s.Advance()).Gives("EmergencyOverdue", "SupervisorTold").Told(story.Bullying + " EMERGENCY_UNCONFIRMED")
	}
	s.Given(story.HelpCame(story.Bullying, "kim")).Wait(time.Hour).When(s.Advance()).Gives()
}

// TestWhatEndsAnEmergency: confirmed contact with the child, or two persons.
func TestWhatEndsAnEmergency(t *testing.T) {
	s := story.Opened(t)
	for _, c := range []struct{ name string }{{"ConfirmEmergency"}, {"EndEmergency"}} {
		if command.DefinitionNamed(c.name) == nil {
			t.Errorf("there is no %s", c.name)
		}
	}
	s.When(story.HelpCame(story.Bullying, "kim")).Refused("NO_EMERGENCY")
	s.When(story.Mistaken(story.Bullying, "kim", "chief")).Refused("NO_EMERGENCY")
	s.Given(story.CallsHelp(story.Bullying, "kim"))
	s.When(story.Closes(story.Bullying)).Refused("EMERGENCY_UNDER_WAY")
	s.When(story.Mistaken(story.Bullying, "kim", "kim")).Refused("SECOND_PERSON_MISSING")
	s.When(story.Mistaken(story.Bullying, "kim", "child")).Refused("SECOND_PERSON_MISSING")
	s.When(story.HelpCame(story.Bullying, "child")).Refused("PARTICIPANT_NOT_COUNSELLOR")
	s.When(story.Mistaken(story.Bullying, "kim", "chief")).Gives("EmergencyEnded")
	s.Given(story.CallsHelp(story.Bullying, "kim")).When(story.HelpCame(story.Bullying, "kim")).Gives("EmergencyConfirmed")
	s.When(story.Closes(story.Bullying)).Gives("ConversationClosed", "CustodyClosed")
}

// TestAnEmergencyIsSeenByBothLines, and says which services were called, each once.
func TestAnEmergencyIsSeenByBothLines(t *testing.T) {
	medical := story.With(story.CallsHelp(story.Bullying, "kim"), "Service", handoverv1.EmergencyService_EMERGENCY_SERVICE_MEDICAL)
	s := story.At(t, "BRIDGED").Given(story.CallsHelp(story.Emergency, "ola"), medical, medical)
	for _, line := range []string{story.Bullying, story.Emergency} {
		if e := s.View(line).Emergency; e.GetLine() != "lines/"+story.Emergency || len(e.GetServices()) != 2 {
			t.Errorf("%s sees %v", line, e)
		}
	}
}
