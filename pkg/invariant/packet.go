package invariant

import (
	"slices"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// packet checks I6: the sealed part is opened only by the line whose offer was
// accepted, only from then on and not after the handover came to nothing, only if
// the child said yes to more than an introduction, and only those parts that it
// said yes to.
type packet struct {
	*finder
	// opener is the line that may open the packet of each handover.
	opener map[uint32]string
	given  map[uint32][]handoverv1.Scope
}

func newPacket(f *finder) walker {
	return &packet{finder: f, opener: map[uint32]string{}, given: map[uint32][]handoverv1.Scope{}}
}

func (p *packet) event(s step) {
	n := handoverOf(s.kind)
	switch k := s.kind.(type) {
	case *eventv1.ConsentGiven:
		p.given[n] = k.GetScopes()
	case *eventv1.ConsentRefused, *eventv1.ConsentWithdrawn:
		delete(p.given, n)
	case *eventv1.OfferAccepted:
		p.opener[n] = k.GetLine()
	case *eventv1.HandoverReturned, *eventv1.HandoverCancelled:
		delete(p.opener, n)
	case *eventv1.PacketOpened:
		p.opened(s, k)
	}
}

func (p *packet) opened(s step, k *eventv1.PacketOpened) {
	p.applies()
	n := k.GetHandover()
	if opener, ok := p.opener[n]; !ok || k.GetLine() != opener {
		p.violated(s.Recorded, "%q opened the packet of handover %d, which it had not accepted", k.GetLine(), n)
	}
	if !slices.ContainsFunc(p.given[n], hasContent) {
		p.violated(s.Recorded, "the packet of handover %d was opened outside the child's consent", n)
	}
	for _, part := range k.GetParts() {
		if !slices.Contains(p.given[n], part) {
			p.violated(s.Recorded, "%s of the packet of handover %d was opened, to which the child had not said yes", part, n)
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
