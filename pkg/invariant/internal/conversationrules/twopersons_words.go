package conversationrules

import (
	"bytes"
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/staffkey"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	// counts is how long a signature can be used, and ahead how much later than the event it may claim to be.
	counts = 5 * time.Minute
	ahead  = time.Minute
)

// signed reports whatever is wrong with the proof that two persons of a line said so. Names are those that
// the event has.
func (p *twoPersons) signed(s facts.Step, command, line, first, second string, proof *handoverv1.TwoPersons) {
	p.Applies()
	words := proof.GetWords()
	if len(words) != 2 {
		p.Violated(s.Mark, "%s has %d signatures, not those of two persons", command, len(words))
		return
	}
	for i, name := range []string{first, second} {
		if fault := p.word(s, command, name, words[i]); fault != "" {
			p.Violated(s.Mark, "%s: the signature of person %d %s", command, i+1, fault)
		}
	}
	if fault := p.who(line, command == "DecideHop", words[0].GetKey(), words[1].GetKey()); fault != "" {
		p.Violated(s.Mark, "%s was signed by two persons, and %s", command, fault)
	}
}

// word says what is wrong with one signature, or nothing.
func (p *twoPersons) word(s facts.Step, command, name string, word *handoverv1.SignedWord) string {
	id, err := staffkey.ID(word.GetKey())
	if err != nil || !bytes.Equal(id, word.GetSignature().GetKey()) {
		return "is by another key than is recorded with it"
	}
	shown, err := staffkey.Verify(word.GetSignature(), word.GetKey())
	if err != nil {
		return "does not verify"
	}
	if name != "" && name != word.GetKey().GetParticipant() {
		return "is of somebody else than is named"
	}
	if fault := p.shown(s, command, shown); fault != "" {
		return fault
	}
	return p.use(s, string(id)+string(shown.GetNonce()), shown.GetSignTime().AsTime())
}

// shown compares what a person was shown with what was the case.
func (p *twoPersons) shown(s facts.Step, command string, shown *handoverv1.Shown) string {
	at := shown.GetSignTime().AsTime()
	switch {
	case shown.GetCommand() != command || shown.GetConversation() != facts.Resource(s.Subject):
		return "is over another command or conversation"
	case shown.GetEpoch() != p.Epoch || shown.GetConsentPosition() != p.consent || shown.GetHandover() != p.handover || !p.Assessed(shown.GetRiskLevel()):
		return "is over an earlier state"
	case at.After(s.Time.Add(ahead)) || !s.Time.Before(at.Add(counts)):
		return "is of another time"
	case len(shown.GetNonce()) != 16:
		return "has no nonce"
	}
	return ""
}

// use says that a signature was used before, or uses it. One that no longer counts for its age is
// another's with the same nonce.
func (p *twoPersons) use(s facts.Step, signature string, signed time.Time) string {
	if before, used := p.used[signature]; used && s.Time.Before(before.Add(counts)) {
		return "was used before"
	}
	p.used[signature] = signed
	return ""
}

// who says why two keys are not those of two persons who may do this, or nothing.
func (p *twoPersons) who(line string, supervisor bool, first, second *handoverv1.StaffKey) string {
	is := func(key *handoverv1.StaffKey) facts.Person { return facts.Person{Line: line, ID: key.GetParticipant()} }
	switch {
	case line != p.Holder:
		return "their line does not have custody"
	case is(first) == is(second), bytes.Equal(public(first), public(second)):
		return "they are one"
	case is(first) == p.Present.Child || is(second) == p.Present.Child:
		return "one is the child"
	case p.took[is(second)]:
		return "the second took part in the conversation"
	case supervisor && !slices.Contains(second.GetRoles(), handoverv1.StaffRole_STAFF_ROLE_SUPERVISOR):
		return "the second is not registered as a supervisor"
	}
	return ""
}

func public(key *handoverv1.StaffKey) []byte {
	if one := key.GetSecurityKey(); one != nil {
		return one.GetCoseKey()
	}
	return key.GetEd25519()
}
