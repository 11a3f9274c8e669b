package command_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/command"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/internal/story"
	"github.com/stafett/stafett/pkg/invariant"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

func sealed(part handoverv1.Scope, first byte) decide.Command {
	commitment := make([]byte, 32)
	commitment[0] = first
	return command.SealPacket{Line: story.Bullying, Handover: 1, Part: part, Commitment: commitment, SizeBucket: 256}
}

// withParts has three parts sealed and consent to two scopes of which one is a part.
func withParts(t *testing.T) *story.Story {
	s := story.Opened(t).Given(story.First.Propose(), sealed(story.Codes, 1), sealed(story.OneLine, 2), sealed(story.Summary, 3),
		story.With(story.First.Ask(), "Scopes", []handoverv1.Scope{story.Intro, story.Codes, story.OneLine, story.Summary}), story.First.Give(story.Intro, story.OneLine))
	return s.Given(s.Advance())
}

func TestPacketIsOpenOnlyToTheLineThatAccepted(t *testing.T) {
	for state := range story.States {
		s := story.At(t, state)
		for _, line := range []string{story.Bullying, story.Emergency, story.Mind, story.Alcohol} {
			o := s.When(story.By(line, story.First.Open()))
			if h := story.StateOf(state); line == story.Emergency && h >= story.StateOf("ACCEPTED") && h <= story.StateOf("AWAITING_OUTCOME") {
				o.Gives("PacketOpened")
				continue
			}
			if r := o.Refused("PACKET_CLOSED"); r.Metadata["line"] != line {
				t.Errorf("the refusal says %v", r.Metadata)
			}
		}
	}
}

func TestPacketStaysClosedToWhoDeclined(t *testing.T) {
	s := story.At(t, "OFFERED").Given(story.First.Decline(), story.First.AcceptBy(story.Mind, 2))
	s.When(story.First.Open()).Refused("PACKET_CLOSED")
	s.When(story.By(story.Mind, story.First.Open())).Gives("PacketOpened")
}

func TestPacketOpensAsFarAsConsentGoes(t *testing.T) {
	o := withParts(t).Given(story.First.Accept()).When(story.First.Open())
	if parts := o.Decision.Events[0].GetPacketOpened().GetParts(); !slices.Equal(parts, []handoverv1.Scope{story.OneLine}) {
		t.Errorf("it opened %v, want ONE_LINE alone", parts)
	}
	parts := handover.Of(o.State.Conversation).Current().OpenParts()
	if len(parts) != 1 || parts[0].Part != story.OneLine || parts[0].Commitment[0] != 2 {
		t.Errorf("open parts are %v, want the second", parts)
	}
}

func TestPacketWithNothingThatConsentCovers(t *testing.T) {
	s := story.Opened(t).Given(story.First.Propose(), sealed(story.Summary, 1), story.First.Ask(), story.First.Give(story.Intro, story.OneLine))
	s.Given(s.Advance(), story.First.Accept()).When(story.First.Open()).Refused("PACKET_MISSING")
}

func TestPartIsReplacedUntilLinesAreAsked(t *testing.T) {
	s := story.At(t, "PROPOSED").Given(sealed(story.Codes, 1), sealed(story.Codes, 2),
		story.With(story.First.Ask(), "Scopes", []handoverv1.Scope{story.Intro, story.Codes}), sealed(story.Codes, 3))
	s.When(sealed(story.Summary, 4)).Refused("OUTSIDE_CONSENT")
	want := []*handoverv1.PacketPart{{Part: story.OneLine, Commitment: make([]byte, 32)}, {Part: story.Codes, Commitment: story.CommitmentOf(sealed(story.Codes, 3))}}
	story.Equal(t, &statev1.Handover{PacketParts: handover.Of(s.State.Conversation).Current().PacketParts}, &statev1.Handover{PacketParts: want})
}

func TestOutcomeNeedsConsent(t *testing.T) {
	s := story.Opened(t).Given(story.First.Propose(), story.First.Ask(), story.First.Give(story.Intro, story.OneLine))
	s.Given(s.Advance(), story.First.Accept(), story.First.Join(), story.First.Bridge(), story.First.Confirm(), story.First.Attest(), story.First.Leave())
	free := []string{"ONGOING", "CHILD_LEFT", "NO_CONTACT"}
	for n := int32(1); n < 9; n++ {
		outcome := handoverv1.Outcome(n)
		if slices.Contains(free, story.Short(outcome)) {
			continue
		}
		r := s.When(story.With(story.First.Report(), "Outcome", outcome)).Refused("OUTSIDE_CONSENT")
		if r.Metadata["scope"] != "FEEDBACK_OUTCOME" {
			t.Errorf("the refusal says %v", r.Metadata)
		}
	}
	s.When(story.With(story.First.Report(), "Outcome", handoverv1.Outcome_OUTCOME_NO_CONTACT)).Gives("OutcomeReported")
}

func TestTechnicalOutcomesNeedNoConsent(t *testing.T) {
	for _, name := range []string{"ONGOING", "CHILD_LEFT", "NO_CONTACT"} {
		s := story.Opened(t).Given(story.First.Propose(), story.First.Ask(), story.First.Give(story.Intro))
		s.Given(s.Advance(), story.First.Accept(), story.First.Join(), story.First.Bridge(), story.First.Confirm(), story.First.Attest(), story.First.Leave())
		outcome := handoverv1.Outcome(handoverv1.Outcome_value["OUTCOME_"+name])
		s.When(story.With(story.First.Report(), "Outcome", outcome)).Gives("OutcomeReported")
	}
}

func TestMissingIsNotReported(t *testing.T) {
	s := story.At(t, "AWAITING_OUTCOME")
	r := s.When(story.With(story.First.Report(), "Outcome", handoverv1.Outcome_OUTCOME_MISSING)).Refused("FIELD_INVALID")
	if r.Metadata["field"] != "outcome" {
		t.Errorf("the refusal says %v, want the field outcome", r.Metadata)
	}
}

// TestCheckerFindsAPartOutsideOfConsent: should a part ever cross that the child
// did not allow, the history shows it.
func TestCheckerFindsAPartOutsideOfConsent(t *testing.T) {
	s := withParts(t).Given(story.First.Accept(), story.First.Open())
	history := slices.Clone(s.History)
	last := &history[len(history)-1]
	last.Commit, last.Payload = proto.CloneOf(last.Commit), nil
	last.Commit.Events[0].GetPacketOpened().Parts = []handoverv1.Scope{story.OneLine, story.Summary}
	for _, v := range invariant.Check(history).Violations {
		if v.Invariant == "I6" && v.Position == last.Position {
			return
		}
	}
	t.Error("a part outside of consent is not found")
}
