package command_test

import (
	"testing"

	"github.com/stafett/stafett/pkg/internal/story"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TestWordsPass: in which states words to all, and to the counsellors alone, pass
// through the platform. In the first handover the child is in the sender's own
// chat until custody has moved, and is relayed from then on.
func TestWordsPass(t *testing.T) {
	passes := map[string]struct{ all, counsellors bool }{
		"BRIEFING": {false, true}, "BRIDGED": {true, true}, "CONFIRMING": {true, true}, "TRANSFERRED": {true, true},
		"AWAITING_OUTCOME": {true, false}, "CLOSED": {true, false},
	}
	for state := range story.States {
		s := story.At(t, state)
		s.ExpectWords(state, passes[state].all, passes[state].counsellors)
	}
}

// TestRelayGoesOnDuringTheNextHandover: the child whose leg is relayed can always
// write to the line with custody.
func TestRelayGoesOnDuringTheNextHandover(t *testing.T) {
	shared := map[string]bool{"BRIEFING": true, "BRIDGED": true, "CONFIRMING": true, "TRANSFERRED": true}
	for state := range story.States {
		if state == "REVERSED" {
			continue // only while the sender holds the child's leg
		}
		s := story.Again(t, story.Second, state)
		s.ExpectWords(state, true, shared[state])
		if state != "ABANDONED" {
			s.When(story.Writes(story.Bullying, "child", story.All)).Gives("MessageSent")
		}
	}
}

// TestRelayEndsWhenTheChildIsBack at the line that holds its leg.
func TestRelayEndsWhenTheChildIsBack(t *testing.T) {
	s := story.Again(t, story.Back, "AWAITING_OUTCOME")
	s.When(story.Writes(story.Bullying, "child", story.All)).Refused("NOT_RELAYED")
	s.When(story.Writes(story.Bullying, "per", story.All)).Refused("NOT_RELAYED")
}

func TestNothingPassesWithoutAHandover(t *testing.T) {
	if r := story.Opened(t).When(story.Writes(story.Bullying, "kim", story.All)).Refused("NOT_RELAYED"); r.Metadata["state"] != "no handover" {
		t.Errorf("the refusal says %v", r.Metadata)
	}
}

func TestChildDoesNotWriteToCounsellorsAlone(t *testing.T) {
	s := story.At(t, "BRIDGED")
	if r := s.When(story.Writes(story.Bullying, "child", story.Counsellors)).Refused("FIELD_INVALID"); r.Metadata["field"] != "audience" {
		t.Errorf("the refusal says %v, want the field audience", r.Metadata)
	}
}

func TestMessagesAreCounted(t *testing.T) {
	s := story.At(t, "BRIDGED")
	for n := uint32(1); n < 4; n++ {
		o := s.When(story.Writes(story.Bullying, "child", story.All))
		o.Gives("MessageSent")
		if sent := o.Decision.Events[0].GetMessageSent(); sent.Message != n || sent.Handover != 1 || sent.SizeBucket != 256 {
			t.Errorf("message %d says %v", n, sent)
		}
	}
	if n := s.State.Conversation.MessageCount; n != 3 {
		t.Errorf("%d messages are counted, want 3", n)
	}
}

// TestALineThatComesWaitsForItsBridge: it has accepted the next handover while two others still share
// the child, and writes neither to the child nor to them.
func TestALineThatComesWaitsForItsBridge(t *testing.T) {
	next := story.Second
	s := story.At(t, "TRANSFERRED")
	s.Rank = story.Plan(next.To)
	s.Given(next.Propose(), next.Ask(), next.Give(story.Intro))
	s.Given(s.Advance(), next.Accept(), next.Join())
	for _, to := range []handoverv1.Audience{story.All, handoverv1.Audience_AUDIENCE_COUNSELLORS} {
		s.When(story.Writes(next.To, next.Receiver, to)).Refused("NOT_RELAYED")
	}
	s.When(story.Writes(story.Bullying, "kim", story.All)).Gives("MessageSent")
}
