package invariant

import (
	"slices"

	"github.com/stafett/stafett/pkg/event"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// packet checks I6: the sealed part is opened only by the line whose offer was
// accepted, only from then on and not after the handover came to nothing, only if
// the child said yes to more than an introduction, or was overridden in that, and
// only those parts. The child said yes to no more than it was asked.
type packet struct {
	*finder
	*facts
	// opener is the line that may open the packet of each handover.
	opener map[uint32]string
}

func newPacket(f *finder, facts *facts) walker {
	return &packet{finder: f, facts: facts, opener: map[uint32]string{}}
}

func (p *packet) event(s step) {
	switch k := s.kind.(type) {
	case *eventv1.ConsentGiven:
		p.given(s, k)
	case *eventv1.OfferAccepted:
		p.opener[k.GetHandover()] = k.GetLine()
	case *eventv1.PacketOpened:
		p.opened(s, k)
	default:
		if stays(k) {
			delete(p.opener, event.Handover(k))
		}
	}
}

func (p *packet) given(s step, k *eventv1.ConsentGiven) {
	p.applies()
	for _, scope := range k.GetScopes() {
		if !slices.Contains(p.handover(k.GetHandover()).scopes, scope) {
			p.violated(s.mark, "%s was given in handover %d, about which the child was not asked", scope, k.GetHandover())
		}
	}
}

func (p *packet) opened(s step, k *eventv1.PacketOpened) {
	p.applies()
	n := k.GetHandover()
	if opener, ok := p.opener[n]; !ok || k.GetLine() != opener {
		p.violated(s.mark, "%q opened the packet of handover %d, which it had not accepted", k.GetLine(), n)
	}
	if p.holder == "" {
		p.violated(s.mark, "the packet of handover %d was opened after the conversation had closed", n)
	}
	given := p.handover(n).given
	if !slices.ContainsFunc(given, hasContent) {
		p.violated(s.mark, "the packet of handover %d was opened outside what may cross", n)
	}
	for _, part := range k.GetParts() {
		if !slices.Contains(given, part) {
			p.violated(s.mark, "%s of the packet of handover %d was opened, which may not cross", part, n)
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
