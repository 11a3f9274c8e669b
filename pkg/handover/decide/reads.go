package decide

import (
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/refusal"
)

// RequireVisible refuses a line that never took part in a conversation.
func RequireVisible(s *handover.State, line string) error {
	t := Reading(s, Permission{})
	return t.requireInvolved(line)
}

// GivenOrTaken returns the n-th handover if the line is its sender or receiver, and
// refuses any other line.
func GivenOrTaken(s *handover.State, n uint32, line string) (handover.Handover, error) {
	t := Reading(s, Permission{})
	if err := t.requireInvolved(line); err != nil {
		return handover.Handover{}, err
	}
	h := t.Conversation.Handover(n)
	if !h.Exists() {
		return handover.Handover{}, noHandover(t.Conversation, n)
	}
	if h.FromLine != line && h.ToLine != line {
		return handover.Handover{}, t.Deny(refusal.HandoverNotYours, line, "neither gave nor took this handover of")
	}
	return h, nil
}

// RequireLeg refuses a line that cannot speak for the child, because the child's leg
// is at another.
func RequireLeg(s *handover.State, line string) error {
	t := Reading(s, Permission{})
	return t.RequireLegHolder(line)
}
