package conversationrules

import (
	"slices"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// packet checks I6: the sealed part is opened only by the line whose offer was
// accepted, only from then on and not after the handover came to nothing, only if
// the child said yes to more than an introduction, or was overridden in that, and
// only those parts. The child said yes to no more than it was asked.
type packet struct {
	rule.Base
	*facts.Facts
	// opener is the line that may open the packet of each handover.
	opener map[uint32]string
}

func NewPacket(f rule.Base, known *facts.Facts) rule.Walker {
	return &packet{Base: f, Facts: known, opener: map[uint32]string{}}
}

func (p *packet) Event(s facts.Step) {
	switch k := s.Kind.(type) {
	case *eventv1.ConsentGiven:
		p.given(s, k)
	case *eventv1.OfferAccepted:
		p.opener[k.GetHandover()] = k.GetLine()
	case *eventv1.PacketOpened:
		p.opened(s, k)
	default:
		if facts.Stays(k) {
			delete(p.opener, event.Handover(k))
		}
	}
}

func (p *packet) given(s facts.Step, k *eventv1.ConsentGiven) {
	p.Applies()
	for _, scope := range k.GetScopes() {
		if !slices.Contains(p.Handover(k.GetHandover()).Scopes, scope) {
			p.Violated(s.Mark, "%s was given in handover %d, about which the child was not asked", scope, k.GetHandover())
		}
	}
}

func (p *packet) opened(s facts.Step, k *eventv1.PacketOpened) {
	p.Applies()
	n := k.GetHandover()
	if opener, ok := p.opener[n]; !ok || k.GetLine() != opener {
		p.Violated(s.Mark, "%q opened the packet of handover %d, which it had not accepted", k.GetLine(), n)
	}
	if p.Holder == "" {
		p.Violated(s.Mark, "the packet of handover %d was opened after the conversation had closed", n)
	}
	given := p.Handover(n).Given
	if !slices.ContainsFunc(given, hasContent) {
		p.Violated(s.Mark, "the packet of handover %d was opened outside what may cross", n)
	}
	for _, part := range k.GetParts() {
		if !slices.Contains(given, part) {
			p.Violated(s.Mark, "%s of the packet of handover %d was opened, which may not cross", part, n)
		}
	}
}

// hasContent tells whether a scope lets any sealed byte cross.
func hasContent(scope handoverv1.Scope) bool {
	switch scope {
	case handoverv1.Scope_SCOPE_CODES, handoverv1.Scope_SCOPE_ONE_LINE,
		handoverv1.Scope_SCOPE_SUMMARY, handoverv1.Scope_SCOPE_TRANSCRIPT:
		return true
	}
	return false
}
