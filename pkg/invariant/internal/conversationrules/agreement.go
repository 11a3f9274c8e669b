package conversationrules

import (
	"bytes"
	"slices"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// agreement checks I20: what the receiver opens is what the child was shown when it said yes, byte for
// byte, or what an override named. An override is for an assessed risk of R3 or R4 and never wider
// than the introduction, the codes and the one line.
//
// A yes of earlier histories names no parts: it covered what was sealed by then.
type agreement struct {
	rule.Base
	*facts.Facts
	sealed, yes map[uint32]parts // by handover
}

// parts are commitments, by part.
type parts map[handoverv1.Scope][]byte

func NewAgreement(f rule.Base, known *facts.Facts) rule.Walker {
	return &agreement{f, known, map[uint32]parts{}, map[uint32]parts{}}
}

func (a *agreement) Event(s facts.Step) {
	switch k := s.Kind.(type) {
	case *eventv1.PacketSealed:
		if a.sealed[k.GetHandover()] == nil {
			a.sealed[k.GetHandover()] = parts{}
		}
		a.sealed[k.GetHandover()][k.GetPart()] = k.GetCommitment()
	case *eventv1.ConsentGiven:
		a.says(s, k.GetHandover(), k.GetScopes(), k.GetParts())
	case *eventv1.ConsentOverridden:
		a.says(s, k.GetHandover(), k.GetScopes(), k.GetParts())
		a.overridden(s, k)
	case *eventv1.PacketOpened:
		a.opened(s, k)
	}
}

// says notes what a yes, or an override, covers.
func (a *agreement) says(s facts.Step, n uint32, scopes []handoverv1.Scope, named []*handoverv1.PacketPart) {
	a.Applies()
	a.yes[n] = parts{}
	for part, commitment := range a.sealed[n] {
		if len(named) == 0 && slices.Contains(scopes, part) {
			a.yes[n][part] = commitment
		}
	}
	for _, p := range named {
		a.yes[n][p.GetPart()] = p.GetCommitment()
		if !bytes.Equal(a.sealed[n][p.GetPart()], p.GetCommitment()) {
			a.Violated(s.Mark, "a yes to handover %d names %s, which was not what was sealed", n, p.GetPart())
		}
		if !slices.Contains(scopes, p.GetPart()) {
			a.Violated(s.Mark, "a yes to handover %d names %s, which it does not cover", n, p.GetPart())
		}
	}
}

func (a *agreement) overridden(s facts.Step, k *eventv1.ConsentOverridden) {
	if k.GetRisk() == 0 {
		return // of earlier histories
	}
	if k.GetRisk() != a.Risk() || !a.InDanger() {
		a.Violated(s.Mark, "consent to handover %d was overridden for %s, and the risk was %s", k.GetHandover(), k.GetRisk(), a.Risk())
	}
	for _, scope := range k.GetScopes() {
		if scope > handoverv1.Scope_SCOPE_ONE_LINE {
			a.Violated(s.Mark, "an override let %s of handover %d cross", scope, k.GetHandover())
		}
	}
}

func (a *agreement) opened(s facts.Step, k *eventv1.PacketOpened) {
	a.Applies()
	for _, part := range k.GetParts() {
		covered := slices.Contains(a.Handover(k.GetHandover()).Given, part) // I6 looks at that
		if covered && !bytes.Equal(a.yes[k.GetHandover()][part], a.sealed[k.GetHandover()][part]) {
			a.Violated(s.Mark, "%s of handover %d was opened, and the child had not agreed to it as it was", part, k.GetHandover())
		}
	}
}
