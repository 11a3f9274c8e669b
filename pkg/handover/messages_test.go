package handover_test

import (
	"testing"
)

// TestWordsPass: in which states words to all, and to the counsellors alone, pass
// through the platform. In the first handover the child is in the sender's own
// chat until custody has moved, and is relayed from then on.
func TestWordsPass(t *testing.T) {
	passes := map[string]struct{ all, counsellors bool }{
		"BRIEFING": {false, true}, "BRIDGED": {true, true}, "CONFIRMING": {true, true}, "TRANSFERRED": {true, true},
		"AWAITING_OUTCOME": {true, false}, "CLOSED": {true, false},
	}
	for state := range states {
		s := at(t, state)
		s.expectWords(state, passes[state].all, passes[state].counsellors)
	}
}

// TestRelayGoesOnDuringTheNextHandover: the child whose leg is relayed can always
// write to the line with custody.
func TestRelayGoesOnDuringTheNextHandover(t *testing.T) {
	shared := map[string]bool{"BRIEFING": true, "BRIDGED": true, "CONFIRMING": true, "TRANSFERRED": true}
	for state := range states {
		s := again(t, second, state)
		s.expectWords(state, true, shared[state])
		if state != "ABANDONED" {
			s.when(writes(bullying, "child", all)).gives("MessageSent")
		}
	}
}

// TestRelayEndsWhenTheChildIsBack at the line that holds its leg.
func TestRelayEndsWhenTheChildIsBack(t *testing.T) {
	s := again(t, back, "AWAITING_OUTCOME")
	s.when(writes(bullying, "child", all)).refused("NOT_RELAYED")
	s.when(writes(bullying, "per", all)).refused("NOT_RELAYED")
}

// expectWords writes as a counsellor of the line with custody.
func (s *story) expectWords(state string, toAll, toCounsellors bool) {
	s.t.Helper()
	line, who := s.state.Conversation.Custody.Line, "kim"
	switch line {
	case emergency:
		who = "ola"
	case mind:
		who = "siv"
	}
	for audience, passes := range map[string]bool{"ALL": toAll, "COUNSELLORS": toCounsellors} {
		c := writes(line, who, all)
		if audience == "COUNSELLORS" {
			c = writes(line, who, counsellors)
		}
		o := s.when(c)
		if passes {
			o.gives("MessageSent")
		} else if r := o.refused("NOT_RELAYED"); r.Metadata["state"] != state {
			s.t.Errorf("in %s the refusal says %v", state, r.Metadata)
		}
	}
}

func TestNothingPassesWithoutAHandover(t *testing.T) {
	if r := opened(t).when(writes(bullying, "kim", all)).refused("NOT_RELAYED"); r.Metadata["state"] != "no handover" {
		t.Errorf("the refusal says %v", r.Metadata)
	}
}

func TestChildDoesNotWriteToCounsellorsAlone(t *testing.T) {
	s := at(t, "BRIDGED")
	if r := s.when(writes(bullying, "child", counsellors)).refused("FIELD_INVALID"); r.Metadata["field"] != "audience" {
		t.Errorf("the refusal says %v, want the field audience", r.Metadata)
	}
}

func TestMessagesAreCounted(t *testing.T) {
	s := at(t, "BRIDGED")
	for n := uint32(1); n < 4; n++ {
		o := s.when(writes(bullying, "child", all))
		o.gives("MessageSent")
		if sent := o.decision.Events[0].GetMessageSent(); sent.Message != n || sent.Handover != 1 || sent.SizeBucket != 256 {
			t.Errorf("message %d says %v", n, sent)
		}
	}
	if n := s.state.Conversation.MessageCount; n != 3 {
		t.Errorf("%d messages are counted, want 3", n)
	}
}
