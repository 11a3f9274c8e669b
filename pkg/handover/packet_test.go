package handover_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/invariant"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

func sealed(part handoverv1.Scope, first byte) handover.Command {
	commitment := make([]byte, 32)
	commitment[0] = first
	return handover.SealPacket{Line: bullying, Handover: 1, Part: part, Commitment: commitment, SizeBucket: 256}
}

// withParts has three parts sealed and consent to two scopes of which one is a part.
func withParts(t *testing.T) *story {
	s := opened(t).given(first.propose(), sealed(codes, 1), sealed(oneLine, 2), sealed(summary, 3),
		with(first.ask(), "Scopes", []handoverv1.Scope{intro, codes, oneLine, summary}), first.give(intro, oneLine))
	return s.given(s.advance())
}

func TestPacketIsOpenOnlyToTheLineThatAccepted(t *testing.T) {
	for state := range states {
		s := at(t, state)
		for _, line := range []string{bullying, emergency, mind, alcohol} {
			o := s.when(by(line, first.open()))
			if h := stateOf(state); line == emergency && h >= stateOf("ACCEPTED") && h <= stateOf("AWAITING_OUTCOME") {
				o.gives("PacketOpened")
				continue
			}
			if r := o.refused("PACKET_CLOSED"); r.Metadata["line"] != line {
				t.Errorf("the refusal says %v", r.Metadata)
			}
		}
	}
}

func TestPacketStaysClosedToWhoDeclined(t *testing.T) {
	s := at(t, "OFFERED").given(first.decline(), first.acceptBy(mind, 2))
	s.when(first.open()).refused("PACKET_CLOSED")
	s.when(by(mind, first.open())).gives("PacketOpened")
}

func TestPacketOpensAsFarAsConsentGoes(t *testing.T) {
	o := withParts(t).given(first.accept()).when(first.open())
	if parts := o.decision.Events[0].GetPacketOpened().GetParts(); !slices.Equal(parts, []handoverv1.Scope{oneLine}) {
		t.Errorf("it opened %v, want ONE_LINE alone", parts)
	}
	parts := handover.Of(o.state.Conversation).Current().OpenParts()
	if len(parts) != 1 || parts[0].Part != oneLine || parts[0].Commitment[0] != 2 {
		t.Errorf("open parts are %v, want the second", parts)
	}
}

func TestPacketWithNothingThatConsentCovers(t *testing.T) {
	s := opened(t).given(first.propose(), sealed(summary, 1), first.ask(), first.give(intro, oneLine))
	s.given(s.advance(), first.accept()).when(first.open()).refused("PACKET_MISSING")
}

func TestPartIsReplacedUntilLinesAreAsked(t *testing.T) {
	s := at(t, "PROPOSED").given(sealed(codes, 1), sealed(codes, 2),
		with(first.ask(), "Scopes", []handoverv1.Scope{intro, codes}), sealed(codes, 3))
	s.when(sealed(summary, 4)).refused("OUTSIDE_CONSENT")
	want := []*handoverv1.PacketPart{{Part: oneLine, Commitment: make([]byte, 32)}, {Part: codes, Commitment: commitmentOf(sealed(codes, 3))}}
	equal(t, &handoverv1.Handover{PacketParts: handover.Of(s.state.Conversation).Current().PacketParts}, &handoverv1.Handover{PacketParts: want})
}

func commitmentOf(c handover.Command) []byte { return c.(handover.SealPacket).Commitment }

func TestOutcomeNeedsConsent(t *testing.T) {
	s := opened(t).given(first.propose(), first.ask(), first.give(intro, oneLine))
	s.given(s.advance(), first.accept(), first.join(), first.bridge(), first.confirm(), first.attest(), first.leave())
	free := []string{"ONGOING", "CHILD_LEFT", "NO_CONTACT"}
	for n := int32(1); n < 9; n++ {
		outcome := handoverv1.Outcome(n)
		if slices.Contains(free, short(outcome)) {
			continue
		}
		r := s.when(with(first.report(), "Outcome", outcome)).refused("OUTSIDE_CONSENT")
		if r.Metadata["scope"] != "FEEDBACK_OUTCOME" {
			t.Errorf("the refusal says %v", r.Metadata)
		}
	}
	s.when(with(first.report(), "Outcome", handoverv1.Outcome_OUTCOME_NO_CONTACT)).gives("OutcomeReported")
}

func TestTechnicalOutcomesNeedNoConsent(t *testing.T) {
	for _, name := range []string{"ONGOING", "CHILD_LEFT", "NO_CONTACT"} {
		s := opened(t).given(first.propose(), first.ask(), first.give(intro))
		s.given(s.advance(), first.accept(), first.join(), first.bridge(), first.confirm(), first.attest(), first.leave())
		outcome := handoverv1.Outcome(handoverv1.Outcome_value["OUTCOME_"+name])
		s.when(with(first.report(), "Outcome", outcome)).gives("OutcomeReported")
	}
}

func TestMissingIsNotReported(t *testing.T) {
	s := at(t, "AWAITING_OUTCOME")
	r := s.when(with(first.report(), "Outcome", handoverv1.Outcome_OUTCOME_MISSING)).refused("FIELD_INVALID")
	if r.Metadata["field"] != "outcome" {
		t.Errorf("the refusal says %v, want the field outcome", r.Metadata)
	}
}

// TestCheckerFindsAPartOutsideOfConsent: should a part ever cross that the child
// did not allow, the history shows it.
func TestCheckerFindsAPartOutsideOfConsent(t *testing.T) {
	s := withParts(t).given(first.accept(), first.open())
	history := slices.Clone(s.history)
	last := &history[len(history)-1]
	last.Commit, last.Payload = proto.CloneOf(last.Commit), nil
	last.Commit.Events[0].GetPacketOpened().Parts = []handoverv1.Scope{oneLine, summary}
	for _, v := range invariant.Check(history).Violations {
		if v.Invariant == "I6" && v.Position == last.Position {
			return
		}
	}
	t.Error("a part outside of consent is not found")
}
