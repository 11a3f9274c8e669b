package handover

import (
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Visible refuses a line that never took part in a conversation.
func Visible(s *State, line string) error {
	t := &turn{state: s, conversation: Of(s.GetConversation())}
	return t.requireInvolved(line)
}

// GivenOrTaken returns the n-th handover if the line is its sender or receiver, and
// refuses any other line.
func GivenOrTaken(s *State, n uint32, line string) (Handover, error) {
	t := &turn{state: s, conversation: Of(s.GetConversation())}
	if err := t.requireInvolved(line); err != nil {
		return Handover{}, err
	}
	h := t.conversation.Handover(n)
	if !h.Exists() {
		return Handover{}, noHandover(t.conversation, n)
	}
	if h.FromLine != line && h.ToLine != line {
		return Handover{}, t.deny(refusal.HandoverNotYours, line, "neither gave nor took this handover of")
	}
	return h, nil
}

// HoldsLeg refuses a line that cannot speak for the child, because the child's leg
// is at another.
func HoldsLeg(s *State, line string) error {
	t := &turn{state: s, conversation: Of(s.GetConversation())}
	return t.requireLegHolder(line)
}

// PartyAt is the stretch of the log in which a line may see a position, or nil.
func PartyAt(s *State, line string, position uint64) *handoverv1.Party {
	return partyAt(s, line, position)
}
