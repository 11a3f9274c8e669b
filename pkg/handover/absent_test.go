package handover_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/view"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestAnAbsentChildSaysNothing: nobody can say yes for a child that is not there,
// and custody does not move over it. A no is always taken.
func TestAnAbsentChildSaysNothing(t *testing.T) {
	s := at(t, "CONSENT_ASKED").given(dropsOut(bullying, "child"))
	s.when(first.give(intro)).refused("PARTICIPANT_ABSENT")
	s.when(first.refuse()).gives("ConsentRefused")

	s = at(t, "CONFIRMING").given(dropsOut(bullying, "child"))
	s.when(first.agree()).refused("PARTICIPANT_ABSENT")
	s.when(first.attest()).refused("PARTICIPANT_ABSENT")
	s.when(first.withdraw()).gives("ConsentWithdrawn")
}

// TestTheSenderDoesNotLeaveAChildAlone: custody has moved, and the receiver's
// counsellor lost the connection.
func TestTheSenderDoesNotLeaveAChildAlone(t *testing.T) {
	s := at(t, "TRANSFERRED").given(dropsOut(emergency, first.receiver))
	s.when(first.leave()).refused("PARTICIPANT_ABSENT")
	s.given(comes(emergency, "another"))
	s.when(first.leave()).gives("SenderLeft")
}

// TestTheHeaderTellsWhatIsKnownWhenLinesAreAsked: a risk that rises meanwhile
// makes the handover imminent.
func TestTheHeaderTellsWhatIsKnownWhenLinesAreAsked(t *testing.T) {
	s := at(t, "CONSENT_ASKED").given(risk(bullying, handoverv1.RiskLevel_RISK_LEVEL_R4))
	if got := handover.Of(s.state.Conversation).Current().Header.Risk; got != handoverv1.RiskLevel_RISK_LEVEL_R4 {
		t.Errorf("the header says %s, want R4", got)
	}
	s = at(t, "OFFERED").given(risk(bullying, imminent))
	if got := handover.Of(s.state.Conversation).Current().Header.Risk; got != imminent {
		t.Errorf("the header says %s while lines are asked, want R4", got)
	}
	s = at(t, "ACCEPTED")
	before := handover.Of(s.state.Conversation).Current().Header.Risk
	s.given(risk(bullying, imminent))
	if got := handover.Of(s.state.Conversation).Current().Header.Risk; got != before {
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
		{[]handoverv1.Scope{intro}, "V"},
		{[]handoverv1.Scope{intro, codes}, "V.physical"},
	} {
		s := opened(t).given(tags(bullying), first.propose(),
			with(first.ask(), "Scopes", []handoverv1.Scope{intro, codes}), first.give(test.scopes...))
		s.given(s.advance(), first.accept(), first.join(), first.bridge(), first.confirm(), first.agree(), s.advance())
		v, err := view.Conversation(s.state, emergency)
		if err != nil {
			t.Fatal(err)
		}
		if tags := v.Assessment.Tags; len(tags) != 1 || tags[0] != test.want || v.Assessment.Recommendation != nil {
			t.Errorf("with %v the receiver has %v, want %s and nothing recommended", test.scopes, v.Assessment, test.want)
		}
	}
}
