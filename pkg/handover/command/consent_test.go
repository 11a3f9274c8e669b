package command_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/internal/story"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func TestConsentIsAskedWithIntroduction(t *testing.T) {
	s := story.At(t, "PROPOSED")
	for _, scopes := range [][]handoverv1.Scope{nil, {story.Summary}} {
		if r := s.When(story.With(story.First.Ask(), "Scopes", scopes)).Refused("FIELD_INVALID"); r.Metadata["field"] != "scopes" {
			t.Errorf("the refusal says %v, want the field scopes", r.Metadata)
		}
	}
}

func TestConsentIsGivenToWhatWasAskedOrLess(t *testing.T) {
	s := story.At(t, "CONSENT_ASKED")
	s.When(story.First.Give()).Refused("FIELD_INVALID")
	s.When(story.First.Give(story.OneLine)).Refused("FIELD_INVALID")
	if r := s.When(story.First.Give(story.Intro, story.Summary)).Refused("OUTSIDE_CONSENT"); r.Metadata["scope"] != "SUMMARY" {
		t.Errorf("the refusal says %v, want the scope SUMMARY", r.Metadata)
	}
	s.When(story.First.Give(story.Intro)).Gives("ConsentGiven")
	if given := handover.Of(s.State.Conversation).Current().Consent.Given; len(given) != 1 || given[0] != story.Intro {
		t.Errorf("given is %v, want INTRO alone", given)
	}
}

func TestBudgetBeginsWithConsent(t *testing.T) {
	for level, want := range map[handoverv1.RiskLevel]time.Duration{
		handoverv1.RiskLevel_RISK_LEVEL_RX: 180 * time.Second,
		handoverv1.RiskLevel_RISK_LEVEL_R3: 180 * time.Second,
		handoverv1.RiskLevel_RISK_LEVEL_R4: 60 * time.Second,
	} {
		s := story.Opened(t).Given(story.Risk(story.Bullying, level), story.First.Propose(), story.First.Ask()).Wait(time.Minute).Given(story.First.Give(story.Intro))
		if got := handover.Of(s.State.Conversation).Current().BudgetDeadline.AsTime().Sub(s.Now); got != want {
			t.Errorf("%s leaves %s, want %s", level, got, want)
		}
	}
}

// afterANo is the reason for which a command is refused once the child has said
// no. A line that was asked does not learn that it did.
func afterANo(c decide.Command) string {
	if story.SideOf(c) == handover.AskedLine {
		return "TOO_LATE"
	}
	return "OUTSIDE_CONSENT"
}

// TestAfterANo: from then on nothing but the return happens, whoever asks for
// what in whichever state. Only help in an emergency asks for no consent.
func TestAfterANo(t *testing.T) {
	for state, waits := range story.States {
		no, event := story.First.Withdraw(), "ConsentWithdrawn"
		if !waits.Allow("WithdrawConsent") {
			no, event = story.First.Refuse(), "ConsentRefused"
		}
		if !waits.Allow(story.CommandName(no)) || story.StateOf(state) >= story.StateOf("TRANSFERRED") {
			continue
		}
		t.Run(state, func(t *testing.T) {
			s := story.At(t, state)
			s.When(no).Gives(event).Stands(state + " PLATFORM 0s")
			for _, c := range story.First.Commands() {
				if waits.Allow(story.CommandName(c)) {
					s.When(c).Refused(afterANo(c))
				}
			}
			s.When(command.SendMessage{Line: story.Bullying, Participant: story.First.Sender, Audience: handoverv1.Audience_AUDIENCE_ALL}).Refused("NOT_RELAYED")
			late := command.JoinConversation{Line: story.Emergency, Participant: "late", Role: handoverv1.Role_ROLE_COUNSELLOR}
			s.When(late).Refused(story.RefusalOf(s, late, story.Emergency))
			if state == "OFFERED" {
				s.When(s.Advance()).Gives("OfferWithdrawn", "HandoverReturned").Stands("RETURNED UNSPECIFIED")
				return
			}
			s.When(s.Advance()).Gives("HandoverReturned").Stands("RETURNED UNSPECIFIED")
		})
	}
}

func TestReturnTellsRefusedFromWithdrawn(t *testing.T) {
	for _, test := range []struct {
		state string
		no    decide.Command
		want  string
	}{
		{"PROPOSED", story.First.Refuse(), "CONSENT_REFUSED"},
		{"CONSENT_ASKED", story.First.Refuse(), "CONSENT_REFUSED"},
		{"BRIDGED", story.First.Withdraw(), "CONSENT_WITHDRAWN"},
	} {
		s := story.At(t, test.state).Given(test.no)
		s.When(s.Advance()).Gives("HandoverReturned").Returned(test.want)
	}
}

// TestNoIsAlwaysPossibleBeforeCustodyMoves: also while nobody is connected.
func TestNoIsAlwaysPossibleBeforeCustodyMoves(t *testing.T) {
	s := story.At(t, "BRIDGED").Given(story.DropsOut(story.Bullying, "kim"), story.DropsOut(story.Emergency, "ola"), story.DropsOut(story.Bullying, "child"))
	s.When(story.First.Withdraw()).Gives("ConsentWithdrawn")
}

// TestChildSpeaksThroughItsLeg: after the first handover the leg is still where
// the child came in, and that line passes on what the child says.
func TestChildSpeaksThroughItsLeg(t *testing.T) {
	s := story.Again(t, story.Second, "CONSENT_ASKED")
	s.When(story.By(story.Emergency, story.Second.Give(story.Intro))).Refused("LEG_NOT_YOURS")
	s.When(story.Second.Give(story.Intro)).Gives("ConsentGiven")
	s.When(story.Second.Withdraw()).Gives("ConsentWithdrawn")
}

// TestAYesIsToWhatTheChildWasShown: a part that was replaced or sealed after the question needs its
// own yes, with the commitment of what was shown.
func TestAYesIsToWhatTheChildWasShown(t *testing.T) {
	other := story.With(story.First.Seal(), "Commitment", bytes.Repeat([]byte{1}, 32))
	shown := func(commitment byte) decide.Command {
		parts := []*handoverv1.PacketPart{{Part: story.OneLine, Commitment: bytes.Repeat([]byte{commitment}, 32)}}
		return story.With(story.First.Give(story.Intro, story.OneLine), "Shown", parts)
	}
	s := story.At(t, "CONSENT_ASKED").Given(other)
	if r := s.When(story.First.Give(story.Intro, story.OneLine)).Refused("PART_NOT_CURRENT"); r.Metadata["part"] != "ONE_LINE" {
		t.Errorf("the refusal says %v", r.Metadata)
	}
	s.When(shown(0)).Refused("PART_NOT_CURRENT")
	s.When(shown(1)).Gives("ConsentGiven")
	s.Looks().Given(story.First.Accept()).When(story.First.Open()).Gives("PacketOpened")

	// The first words after the question are worded with the child.
	s = story.Opened(t).Given(story.First.Propose(), story.First.Ask(), other)
	s.When(story.First.Give(story.Intro, story.OneLine)).Gives("ConsentGiven")

	story.At(t, "CONSENT_ASKED").Given(other).When(story.First.Give(story.Intro)).Gives("ConsentGiven")
	story.At(t, "CONSENT_ASKED").When(shown(1)).Refused("PART_NOT_CURRENT")
}

// TestAfterANo the same is not asked again, unless the child brings it up or the risk rose.
func TestTheSameIsNotAskedAgain(t *testing.T) {
	p := story.First
	p.N = 2
	refused := func() *story.Story { return story.At(t, "CONSENT_ASKED").Given(story.First.Refuse()).Looks() }
	refused().Given(p.Propose()).When(p.Ask()).Refused("CHILD_SAID_NO")
	refused().Given(p.Propose()).When(story.With(p.Ask(), "ChildAsked", true)).Gives("ConsentAsked")
	refused().Given(story.Risk(story.Bullying, story.Serious), p.Propose()).When(p.Ask()).Gives("ConsentAsked")
	refused().Given(story.With(p.Propose(), "Candidates", []string{story.Mind})).When(p.Ask()).Gives("ConsentAsked")
}

// TestAYesOverThePhoneSaysWhoHeardIt: a counsellor who is there, of the line that holds the leg or has custody; whoever
// writes says yes itself.
func TestAYesOverThePhoneSaysWhoHeardIt(t *testing.T) {
	asked := func(channel handoverv1.Channel) *story.Story {
		return story.Begin(t).Given(story.Opening(channel), story.Comes(story.Bullying, "kim")).To(story.First, story.StateOf("CONSENT_ASKED"))
	}
	heardBy := func(who string) decide.Command { return story.With(story.First.Give(story.Intro), "HeardBy", who) }
	s := asked(story.Phone).Given(heardBy("kim"))
	h := handover.Of(s.State.Conversation).Current()
	if h.Consent.Origin != handoverv1.ConsentOrigin_CONSENT_ORIGIN_SPOKEN {
		t.Errorf("the consent is %v, want it spoken", h.Consent)
	}
	asked(story.Phone).When(heardBy("nobody")).Refused("PARTICIPANT_ABSENT")
	asked(story.Phone).When(heardBy("child")).Refused("PARTICIPANT_NOT_COUNSELLOR")
	_, err := command.Decide(asked(story.Phone).State, story.First.Give(story.Intro), story.Evening, handover.DefaultRules())
	if reason := refusal.ReasonOf(err); reason != handoverv1.RefusalReason_REFUSAL_REASON_FIELD_INVALID {
		t.Errorf("a yes over the phone that nobody heard is refused as %s", reason)
	}
	asked(story.Chat).When(heardBy("kim")).Refused("FIELD_INVALID")
	written := asked(story.Chat).Given(story.First.Give(story.Intro))
	if origin := handover.Of(written.State.Conversation).Current().Consent.Origin; origin != 0 {
		t.Errorf("a written yes is %s", origin)
	}
	asked(story.Phone).When(story.First.Refuse()).Gives("ConsentRefused")
}
