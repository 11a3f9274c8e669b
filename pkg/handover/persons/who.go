package persons

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// admits refuses the key of somebody who may not be this one of two persons: another than the request
// names, the child, or for the second whoever talked with the child, and where a supervisor is wanted
// everybody else.
func (w Wanted) admits(t *decide.Turn, i int, key *handoverv1.StaffKey) error {
	named, child := w.First, t.Conversation.Child()
	if i == 1 {
		named = w.Second
	}
	switch {
	case named != "" && key.Participant != named:
		return missing(w, fmt.Sprintf("%s signed, and %s is named", key.Participant, named))
	case child.GetLine() == w.Line && child.GetId() == key.Participant:
		return missing(w, "the child is none of the two persons")
	case i == 0:
		return nil
	case t.Conversation.Participant(w.Line, key.Participant) != nil:
		return missing(w, key.Participant+" takes part in the conversation and cannot be the second person")
	case w.Supervisor && !slices.Contains(key.Roles, handoverv1.StaffRole_STAFF_ROLE_SUPERVISOR):
		return missing(w, key.Participant+" is not registered as a supervisor")
	}
	return nil
}

// differ refuses two signatures of one person, or of one key under two names.
func (w Wanted) differ(words []*handoverv1.SignedWord) error {
	first, second := words[0].Key, words[1].Key
	if first.Participant == second.Participant || SameKey(first, second) {
		return missing(w, first.Participant+" signed twice; another person must sign with a key of their own")
	}
	return nil
}

// SameKey reports whether two registrations are of the same public key.
func SameKey(a, b *handoverv1.StaffKey) bool {
	if a.GetSecurityKey() != nil || b.GetSecurityKey() != nil {
		return bytes.Equal(a.GetSecurityKey().GetCoseKey(), b.GetSecurityKey().GetCoseKey())
	}
	return bytes.Equal(a.GetEd25519(), b.GetEd25519())
}

func missing(w Wanted, why string) error {
	return refusal.SecondPersonMissing(fmt.Sprintf("two persons of %s must sign this, with keys that it registered; the second is neither the first nor the child and takes no part in the conversation: %s", w.Line, why),
		"line", w.Line, "why", why)
}
