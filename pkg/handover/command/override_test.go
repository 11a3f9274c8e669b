package command_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

func TestAnOverrideNeedsTwoPersons(t *testing.T) {
	for _, state := range []string{"PROPOSED", "CONSENT_ASKED"} {
		s := story.At(t, state).Given(story.Risk(story.Bullying, story.Serious))
		for _, second := range []string{"", "kim", "child"} {
			r := s.When(story.With(story.First.Override(), "SecondPerson", second)).Refused("SECOND_PERSON_MISSING")
			if r.Metadata["line"] != story.Bullying || r.Metadata["why"] == "" {
				t.Errorf("the refusal says %v", r.Metadata)
			}
		}
		s.When(story.With(story.First.Override(), "Participant", "per")).Refused("PARTICIPANT_ABSENT")
		s.When(story.With(story.First.Override(), "Participant", "child")).Refused("PARTICIPANT_NOT_COUNSELLOR")
		s.When(story.First.Override()).Gives("ConsentOverridden").Stands("ROUTING PLATFORM 2s")
		consent := handover.Of(s.State.Conversation).Current().Consent
		story.Equal(t, consent, &statev1.Consent{
			Asked: consent.Asked, Given: []handoverv1.Scope{story.Intro, story.OneLine}, AskedParts: consent.AskedParts, GivenParts: consent.GivenParts, Overridden: handoverv1.OverrideCode_OVERRIDE_CODE_DANGER_TO_LIFE,
			OverridePersons: []string{"kim", "chief"}, Position: s.State.HeadPosition,
		})
	}
}

func TestAnOverrideNeverHandsOverTheTranscript(t *testing.T) {
	s := story.At(t, "PROPOSED").Given(story.Risk(story.Bullying, story.Serious))
	scopes := []handoverv1.Scope{story.Intro, handoverv1.Scope_SCOPE_TRANSCRIPT}
	if r := s.When(story.With(story.First.Override(), "Scopes", scopes)).Refused("OUTSIDE_CONSENT"); r.Metadata["scope"] != "TRANSCRIPT" {
		t.Errorf("the refusal says %v", r.Metadata)
	}
	s.When(story.With(story.First.Override(), "Scopes", []handoverv1.Scope{story.OneLine})).Refused("FIELD_INVALID")
	s.When(story.With(story.First.Override(), "Scopes", []handoverv1.Scope(nil))).Refused("FIELD_INVALID")
}

// TestAnOverrideIsForDangerOnly, and never wider than the introduction, the codes and the one line.
func TestAnOverrideIsForDangerOnly(t *testing.T) {
	s := story.At(t, "PROPOSED")
	s.When(story.First.Override()).Refused("FIELD_INVALID")
	for risk, allowed := range map[handoverv1.RiskLevel]bool{
		handoverv1.RiskLevel_RISK_LEVEL_R0: false, handoverv1.RiskLevel_RISK_LEVEL_R2: false, story.Serious: true, story.Imminent: true,
	} {
		s := story.At(t, "PROPOSED").Given(story.Risk(story.Bullying, risk))
		refused := map[bool]string{false: "FIELD_INVALID", true: "OUTSIDE_CONSENT"}[allowed]
		for _, scope := range []handoverv1.Scope{handoverv1.Scope_SCOPE_SUMMARY, story.Feedback, handoverv1.Scope_SCOPE_FEEDBACK_TECHNICAL} {
			s.When(story.With(story.First.Override(), "Scopes", []handoverv1.Scope{story.Intro, scope})).Refused(refused)
		}
		if !allowed {
			s.When(story.First.Override()).Refused(refused)
			continue
		}
		s.When(story.First.Override()).Gives("ConsentOverridden")
	}
}

// TestANoAfterAnOverride is recorded, and the handover goes on as far as the
// override let cross.
func TestANoAfterAnOverride(t *testing.T) {
	s := story.At(t, "PROPOSED").Given(story.Risk(story.Bullying, story.Serious), story.First.Override()).Looks()
	s.When(story.First.Withdraw()).Gives("ConsentWithdrawn").Stands("OFFERED RECEIVER 45s")
	s.When(s.Advance()).Gives()
	s.Given(story.First.Accept()).When(story.First.Open()).Gives("PacketOpened")
	s.Given(story.First.Join(), story.First.Bridge(), story.First.Confirm()).When(story.First.Attest()).Gives("AgreementAttested", "CustodyTransferred")
	if !handover.Of(s.State.Conversation).Current().Consent.Withdrawn {
		t.Error("the child's no is not recorded")
	}
}

// TestNoOverrideOfARefusal in the same handover: it comes back, and two persons
// decide again.
func TestNoOverrideOfARefusal(t *testing.T) {
	s := story.At(t, "CONSENT_ASKED").Given(story.First.Refuse())
	s.When(story.First.Override()).Refused("OUTSIDE_CONSENT")
	p := story.First
	p.N = 2
	s.Looks().Given(p.Propose(), story.Risk(story.Bullying, story.Serious)).When(p.Override()).Gives("ConsentOverridden")
}

// TestWithdrawalAfterTheTransfer: custody stays where it is, and nothing more
// crosses in either direction.
func TestWithdrawalAfterTheTransfer(t *testing.T) {
	for _, state := range []string{"TRANSFERRED", "AWAITING_OUTCOME"} {
		s := story.At(t, state).Given(story.First.Open())
		s.When(story.First.Withdraw()).Gives("ConsentWithdrawn")
		s.When(story.First.Withdraw()).Gives()
		s.When(story.First.Open()).Refused("PACKET_MISSING")
		s.When(s.Advance()).Gives()
		if c := s.State.Conversation.Custody; c.Line != story.Emergency {
			t.Errorf("custody is %v", c)
		}
		if state == "AWAITING_OUTCOME" {
			s.When(story.First.Report()).Refused("OUTSIDE_CONSENT")
			s.When(story.With(story.First.Report(), "Outcome", handoverv1.Outcome_OUTCOME_ONGOING)).Gives("OutcomeReported")
			if got := s.View(story.Bullying).Handovers[0].Outcome; got != 0 {
				t.Errorf("the sender is told %s", got)
			}
		}
	}
	story.At(t, "CLOSED").When(story.First.Withdraw()).Refused("HANDOVER_STATE")
}

func TestADutyIsNotAnotherLines(t *testing.T) {
	for _, line := range []string{story.Bullying, story.Emergency} {
		c := command.RecordDuty{Line: line, Decision: handoverv1.DutyDecision_DUTY_DECISION_REPORTED_BY_OTHER_LINE}
		if r := story.At(t, "TRANSFERRED").When(c).Refused("DUTY_IS_YOURS"); r.Metadata["line"] != line {
			t.Errorf("the refusal says %v", r.Metadata)
		}
	}
}
