package handover_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func TestConsentIsAskedWithIntroduction(t *testing.T) {
	s := at(t, "PROPOSED")
	for _, scopes := range [][]handoverv1.Scope{nil, {summary}} {
		if r := s.when(with(first.ask(), "Scopes", scopes)).refused("FIELD_INVALID"); r.Metadata["field"] != "scopes" {
			t.Errorf("the refusal says %v, want the field scopes", r.Metadata)
		}
	}
}

func TestConsentIsGivenToWhatWasAskedOrLess(t *testing.T) {
	s := at(t, "CONSENT_ASKED")
	s.when(first.give()).refused("FIELD_INVALID")
	s.when(first.give(oneLine)).refused("FIELD_INVALID")
	if r := s.when(first.give(intro, summary)).refused("OUTSIDE_CONSENT"); r.Metadata["scope"] != "SUMMARY" {
		t.Errorf("the refusal says %v, want the scope SUMMARY", r.Metadata)
	}
	s.when(first.give(intro)).gives("ConsentGiven")
	if given := handover.Of(s.state.Conversation).Current().Consent.Given; len(given) != 1 || given[0] != intro {
		t.Errorf("given is %v, want INTRO alone", given)
	}
}

func TestBudgetBeginsWithConsent(t *testing.T) {
	for level, want := range map[handoverv1.RiskLevel]time.Duration{
		handoverv1.RiskLevel_RISK_LEVEL_RX: 180 * time.Second,
		handoverv1.RiskLevel_RISK_LEVEL_R3: 180 * time.Second,
		handoverv1.RiskLevel_RISK_LEVEL_R4: 60 * time.Second,
	} {
		s := opened(t).given(risk(bullying, level), first.propose(), first.ask()).wait(time.Minute).given(first.give(intro))
		if got := handover.Of(s.state.Conversation).Current().BudgetDeadline.AsTime().Sub(s.now); got != want {
			t.Errorf("%s leaves %s, want %s", level, got, want)
		}
	}
}

// afterANo is the reason for which a command is refused once the child has said
// no. A line that was asked does not learn that it did.
func afterANo(c handover.Command) string {
	if sideOf(c) == handover.AskedLine {
		return "TOO_LATE"
	}
	return "OUTSIDE_CONSENT"
}

// TestAfterANo: from then on nothing but the return happens, whoever asks for
// what in whichever state. Only help in an emergency asks for no consent.
func TestAfterANo(t *testing.T) {
	for state, waits := range states {
		no, event := first.withdraw(), "ConsentWithdrawn"
		if !waits.allow("WithdrawConsent") {
			no, event = first.refuse(), "ConsentRefused"
		}
		if !waits.allow(commandName(no)) || stateOf(state) >= stateOf("TRANSFERRED") {
			continue
		}
		t.Run(state, func(t *testing.T) {
			s := at(t, state)
			s.when(no).gives(event).stands(state + " PLATFORM 0s")
			for _, c := range first.commands() {
				if waits.allow(commandName(c)) && commandName(c) != "CallEmergency" {
					s.when(c).refused(afterANo(c))
				}
			}
			s.when(handover.SendMessage{Line: bullying, Participant: first.sender, Audience: handoverv1.Audience_AUDIENCE_ALL}).refused("NOT_RELAYED")
			late := handover.JoinConversation{Line: emergency, Participant: "late", Role: handoverv1.Role_ROLE_COUNSELLOR}
			s.when(late).refused(refusalOf(s, late, emergency))
			if state == "OFFERED" {
				s.when(s.advance()).gives("OfferWithdrawn", "HandoverReturned").stands("RETURNED UNSPECIFIED")
				return
			}
			s.when(s.advance()).gives("HandoverReturned").stands("RETURNED UNSPECIFIED")
		})
	}
}

func TestEmergencyAsksForNoConsent(t *testing.T) {
	at(t, "CONSENT_ASKED").given(first.refuse()).when(first.callEmergency()).gives("EmergencyCalled")
	at(t, "OFFERED").given(first.withdraw()).when(first.callEmergency()).gives("OfferWithdrawn", "EmergencyCalled").stands("EMERGENCY SENDER 5m0s")
}

func TestReturnTellsRefusedFromWithdrawn(t *testing.T) {
	for _, test := range []struct {
		state string
		no    handover.Command
		want  string
	}{
		{"PROPOSED", first.refuse(), "CONSENT_REFUSED"},
		{"CONSENT_ASKED", first.refuse(), "CONSENT_REFUSED"},
		{"BRIDGED", first.withdraw(), "CONSENT_WITHDRAWN"},
	} {
		s := at(t, test.state).given(test.no)
		s.when(s.advance()).gives("HandoverReturned").returned(test.want)
	}
}

// returned expects why the newest handover came back.
func (s *story) returned(why string) *story {
	s.t.Helper()
	h := handover.Of(s.state.Conversation).Current()
	if got := short(h.ReturnReason); got != why {
		s.t.Errorf("it came back for %s, want %s", got, why)
	}
	if line := s.state.Conversation.Custody.Line; line != h.FromLine {
		s.t.Errorf("custody is at %q, want it at the sender", line)
	}
	return s
}

// TestNoIsAlwaysPossibleBeforeCustodyMoves: also while nobody is connected.
func TestNoIsAlwaysPossibleBeforeCustodyMoves(t *testing.T) {
	s := at(t, "BRIDGED").given(dropsOut(bullying, "kim"), dropsOut(emergency, "ola"), dropsOut(bullying, "child"))
	s.when(first.withdraw()).gives("ConsentWithdrawn")
}

// TestChildSpeaksThroughItsLeg: after the first handover the leg is still where
// the child came in, and that line passes on what the child says.
func TestChildSpeaksThroughItsLeg(t *testing.T) {
	s := again(t, second, "CONSENT_ASKED")
	s.when(by(emergency, second.give(intro))).refused("LEG_NOT_YOURS")
	s.when(second.give(intro)).gives("ConsentGiven")
	s.when(second.withdraw()).gives("ConsentWithdrawn")
}
