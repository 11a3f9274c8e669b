package handover_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func TestAnOverrideNeedsTwoPersons(t *testing.T) {
	for _, state := range []string{"PROPOSED", "CONSENT_ASKED"} {
		s := at(t, state)
		for _, second := range []string{"", "kim", "child"} {
			r := s.when(with(first.override(), "SecondPerson", second)).refused("SECOND_PERSON_MISSING")
			if r.Metadata["line"] != bullying || r.Metadata["participant"] != "kim" {
				t.Errorf("the refusal says %v", r.Metadata)
			}
		}
		s.when(with(first.override(), "Participant", "per")).refused("PARTICIPANT_ABSENT")
		s.when(with(first.override(), "Participant", "child")).refused("PARTICIPANT_NOT_COUNSELLOR")
		s.when(first.override()).gives("ConsentOverridden").stands("ROUTING PLATFORM 2s")
		consent := handover.Of(s.state.Conversation).Current().Consent
		equal(t, consent, &handoverv1.Consent{
			Asked: consent.Asked, Given: []handoverv1.Scope{intro, oneLine, feedback}, Overridden: handoverv1.OverrideCode_OVERRIDE_CODE_DANGER_TO_LIFE,
			OverridePersons: []string{"kim", "chief"},
		})
	}
}

func TestAnOverrideNeverHandsOverTheTranscript(t *testing.T) {
	s := at(t, "PROPOSED")
	scopes := []handoverv1.Scope{intro, handoverv1.Scope_SCOPE_TRANSCRIPT}
	if r := s.when(with(first.override(), "Scopes", scopes)).refused("OUTSIDE_CONSENT"); r.Metadata["scope"] != "TRANSCRIPT" {
		t.Errorf("the refusal says %v", r.Metadata)
	}
	s.when(with(first.override(), "Scopes", []handoverv1.Scope{oneLine})).refused("FIELD_INVALID")
	s.when(with(first.override(), "Scopes", []handoverv1.Scope(nil))).refused("FIELD_INVALID")
}

// TestANoAfterAnOverride is recorded, and the handover goes on as far as the
// override let cross.
func TestANoAfterAnOverride(t *testing.T) {
	s := at(t, "PROPOSED").given(first.override()).looks()
	s.when(first.withdraw()).gives("ConsentWithdrawn").stands("OFFERED RECEIVER 45s")
	s.when(s.advance()).gives()
	s.given(first.accept()).when(first.open()).gives("PacketOpened")
	s.given(first.join(), first.bridge(), first.confirm()).when(first.attest()).gives("AgreementAttested", "CustodyTransferred")
	if !handover.Of(s.state.Conversation).Current().Consent.Withdrawn {
		t.Error("the child's no is not recorded")
	}
}

// TestNoOverrideOfARefusal in the same handover: it comes back, and two persons
// decide anew.
func TestNoOverrideOfARefusal(t *testing.T) {
	s := at(t, "CONSENT_ASKED").given(first.refuse())
	s.when(first.override()).refused("OUTSIDE_CONSENT")
	p := first
	p.n = 2
	s.looks().given(p.propose()).when(p.override()).gives("ConsentOverridden")
}

// TestWithdrawalAfterTheTransfer: custody stays where it is, and nothing more
// crosses in either direction.
func TestWithdrawalAfterTheTransfer(t *testing.T) {
	for _, state := range []string{"TRANSFERRED", "AWAITING_OUTCOME"} {
		s := at(t, state).given(first.open())
		s.when(first.withdraw()).gives("ConsentWithdrawn")
		s.when(first.withdraw()).gives()
		s.when(first.open()).refused("PACKET_MISSING")
		s.when(s.advance()).gives()
		if c := s.state.Conversation.Custody; c.Line != emergency {
			t.Errorf("custody is %v", c)
		}
		if state == "AWAITING_OUTCOME" {
			s.when(first.report()).refused("OUTSIDE_CONSENT")
			s.when(with(first.report(), "Outcome", handoverv1.Outcome_OUTCOME_ONGOING)).gives("OutcomeReported")
			if got := s.view(bullying).Handovers[0].Outcome; got != 0 {
				t.Errorf("the sender is told %s", got)
			}
		}
	}
	at(t, "CLOSED").when(first.withdraw()).refused("HANDOVER_STATE")
}

func TestADutyIsNotAnotherLines(t *testing.T) {
	for _, line := range []string{bullying, emergency} {
		c := handover.RecordDuty{Line: line, Decision: handoverv1.DutyDecision_DUTY_DECISION_REPORTED_BY_OTHER_LINE}
		if r := at(t, "TRANSFERRED").when(c).refused("DUTY_IS_YOURS"); r.Metadata["line"] != line {
			t.Errorf("the refusal says %v", r.Metadata)
		}
	}
}
