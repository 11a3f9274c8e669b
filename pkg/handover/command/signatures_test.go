package command_test

import (
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/handover/persons"
	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// grave is a story whose child is in danger.
func grave(t *testing.T, state string) *story.Story {
	return story.At(t, state).Given(story.Risk(story.Bullying, handoverv1.RiskLevel_RISK_LEVEL_R3))
}

// TestInDangerTwoPersonsSign what would leave the child without the line.
func TestInDangerTwoPersonsSign(t *testing.T) {
	for name, c := range map[string]func(*story.Story) decide.Command{
		"HandoverDeferred":   func(s *story.Story) decide.Command { return s.PutOff(story.First, time.Hour) },
		"HandoverSignposted": func(*story.Story) decide.Command { return story.First.Signpost() },
	} {
		s := grave(t, "PROPOSED")
		s.When(c(s)).Refused("SECOND_PERSON_MISSING")
		s.When(s.Signs(c(s), "kim", "child")).Refused("SECOND_PERSON_MISSING")
		s.When(s.Signs(c(s), "kim", "per")).Gives(name)
	}
	s := story.Opened(t).Given(story.Risk(story.Bullying, story.Imminent))
	s.When(story.Closes(story.Bullying)).Refused("SECOND_PERSON_MISSING")
	s.When(s.Signs(story.Closes(story.Bullying), "kim", "per")).Gives("ConversationClosed", "CustodyClosed")
}

// TestAChildWhoIsThereHasNotLeft, whoever signs that it has.
func TestAChildWhoIsThereHasNotLeft(t *testing.T) {
	s := story.Opened(t)
	left := story.With(story.Closes(story.Bullying), "Reason", handoverv1.CloseReason_CLOSE_REASON_CHILD_LEFT)
	s.When(left).Refused("CHILD_PRESENT")
	s.When(s.Signs(left, "kim", "per")).Refused("CHILD_PRESENT")
	s.Given(story.Leaves(story.Bullying, "child")).When(left).Gives("ConversationClosed", "CustodyClosed")
}

// TestASupervisorIsRegisteredAsOne.
func TestASupervisorIsRegisteredAsOne(t *testing.T) {
	s, p := story.Third(t)
	s.When(story.With(p.Approve(), "Supervisor", "per")).Refused("SECOND_PERSON_MISSING")
	s.When(p.Approve()).Gives("HopApproved")
}

// TestSignaturesThatDoNotCount, each with its reason.
func TestSignaturesThatDoNotCount(t *testing.T) {
	for why, spoil := range map[string]func(*story.Story, *persons.Signed){
		"UNKNOWN_KEY":  func(_ *story.Story, signed *persons.Signed) { signed.Staff = nil },
		"NOT_VERIFIED": func(_ *story.Story, signed *persons.Signed) { signed.Signatures[1].Signature[0] ^= 1 },
		"OTHER_COMMAND": func(s *story.Story, signed *persons.Signed) {
			*signed = s.Signs(story.Mistaken(story.Bullying, "kim", "per"), "kim", "chief").(command.EndEmergency).Signed
		},
		"EXPIRED": func(s *story.Story, _ *persons.Signed) { s.Wait(5 * time.Minute) },
		"STALE":   func(s *story.Story, _ *persons.Signed) { s.Given(story.Risk(story.Bullying, story.Imminent)) },
	} {
		s := grave(t, "PROPOSED")
		c := s.Signs(story.First.Override(), "kim", "chief").(command.OverrideConsent)
		spoil(s, &c.Signed)
		if r := s.When(c).Refused("SIGNATURE_INVALID"); r.Metadata["why"] != why {
			t.Errorf("%s: the refusal says %v", why, r.Metadata)
		}
	}
}

// TestAMessageDoesNotMakeASignatureStale, and a new answer of the child's does.
func TestAMessageDoesNotMakeASignatureStale(t *testing.T) {
	s := grave(t, "CONSENT_ASKED")
	c := s.Signs(story.First.Override(), "kim", "chief")
	s.Given(story.Comes(story.Bullying, "per"))
	s.When(c).Gives("ConsentOverridden")
	s = grave(t, "PROPOSED")
	c = s.Signs(story.First.Override(), "kim", "chief")
	s.Given(story.First.Ask()).When(c).Refused("SIGNATURE_INVALID")
}

// TestASignatureOfAnotherConversation.
func TestASignatureOfAnotherConversation(t *testing.T) {
	s, other := grave(t, "PROPOSED"), grave(t, "PROPOSED")
	name := other.State.Conversation.Name
	other.State.Conversation.Name += "0"
	defer func() { other.State.Conversation.Name = name }()
	r := s.When(other.Signs(story.First.Override(), "kim", "chief")).Refused("SIGNATURE_INVALID")
	if r.Metadata["why"] != "OTHER_CONVERSATION" {
		t.Errorf("the refusal says %v", r.Metadata)
	}
}

// TestASignatureIsUsedOnce, also where what it says is the case a second time.
func TestASignatureIsUsedOnce(t *testing.T) {
	s := story.Opened(t).Given(story.CallsHelp(story.Bullying, "kim"))
	over := s.Signs(story.Mistaken(story.Bullying, "kim", "per"), "kim", "per")
	s.Given(over, story.CallsHelp(story.Bullying, "kim"))
	if r := s.When(over).Refused("SIGNATURE_INVALID"); r.Metadata["why"] != "USED" {
		t.Errorf("the refusal says %v", r.Metadata)
	}
	for range 6 {
		s.Given(story.Mistaken(story.Bullying, "kim", "per"), story.CallsHelp(story.Bullying, "kim")).Passes(4 * time.Minute)
	}
	if n := len(s.State.Conversation.UsedSignatures); n > 6 {
		t.Errorf("%d signatures are remembered", n)
	}
}
