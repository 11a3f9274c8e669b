package deadline_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/view"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestAnAbsentChildSaysNothing: nobody can say yes for a child that is not there,
// and custody does not move over it. A no is always taken.
func TestAnAbsentChildSaysNothing(t *testing.T) {
	s := story.At(t, "CONSENT_ASKED").Given(story.DropsOut(story.Bullying, "child"))
	s.When(story.First.Give(story.Intro)).Refused("PARTICIPANT_ABSENT")
	s.When(story.First.Refuse()).Gives("ConsentRefused")

	s = story.At(t, "CONFIRMING").Given(story.DropsOut(story.Bullying, "child"))
	s.When(story.First.Agree()).Refused("PARTICIPANT_ABSENT")
	s.When(story.First.Attest()).Refused("PARTICIPANT_ABSENT")
	s.When(story.First.Withdraw()).Gives("ConsentWithdrawn")
}

// TestTheSenderDoesNotLeaveAChildAlone: custody has moved, and the receiver's
// counsellor lost the connection.
func TestTheSenderDoesNotLeaveAChildAlone(t *testing.T) {
	s := story.At(t, "TRANSFERRED").Given(story.DropsOut(story.Emergency, story.First.Receiver))
	s.When(story.First.Leave()).Refused("PARTICIPANT_ABSENT")
	s.Given(story.Comes(story.Emergency, "another"))
	s.When(story.First.Leave()).Gives("SenderLeft")
}

// TestTheHeaderTellsWhatIsKnownWhenLinesAreAsked: a risk that rises meanwhile
// makes the handover imminent.
func TestTheHeaderTellsWhatIsKnownWhenLinesAreAsked(t *testing.T) {
	s := story.At(t, "CONSENT_ASKED").Given(story.Risk(story.Bullying, handoverv1.RiskLevel_RISK_LEVEL_R4))
	if got := handover.Of(s.State.Conversation).Current().Header.Risk; got != handoverv1.RiskLevel_RISK_LEVEL_R4 {
		t.Errorf("the header says %s, want R4", got)
	}
	s = story.At(t, "OFFERED").Given(story.Risk(story.Bullying, story.Imminent))
	if got := handover.Of(s.State.Conversation).Current().Header.Risk; got != story.Imminent {
		t.Errorf("the header says %s while lines are asked, want R4", got)
	}
	s = story.At(t, "ACCEPTED")
	before := handover.Of(s.State.Conversation).Current().Header.Risk
	s.Given(story.Risk(story.Bullying, story.Imminent))
	if got := handover.Of(s.State.Conversation).Current().Header.Risk; got != before {
		t.Errorf("the header that a line accepted changed to %s", got)
	}
}

// TestCodesCrossOnlyWithConsent: otherwise the receiver gets the groups that the
// open header told.
func TestCodesCrossOnlyWithConsent(t *testing.T) {
	for _, test := range []struct {
		scopes []handoverv1.Scope
		want   string
	}{
		{[]handoverv1.Scope{story.Intro}, "V"},
		{[]handoverv1.Scope{story.Intro, story.Codes}, "V.physical"},
	} {
		s := story.Opened(t).Given(story.Tags(story.Bullying), story.First.Propose(),
			story.With(story.First.Ask(), "Scopes", []handoverv1.Scope{story.Intro, story.Codes}), story.First.Give(test.scopes...))
		s.Given(s.Advance(), story.First.Accept(), story.First.Join(), story.First.Bridge(), story.First.Confirm(), story.First.Agree(), s.Advance())
		v, err := view.Conversation(s.State, story.Emergency)
		if err != nil {
			t.Fatal(err)
		}
		if tags := v.Assessment.Tags; len(tags) != 1 || tags[0] != test.want || v.Assessment.Recommendation != nil {
			t.Errorf("with %v the receiver has %v, want %s and nothing recommended", test.scopes, v.Assessment, test.want)
		}
	}
}
