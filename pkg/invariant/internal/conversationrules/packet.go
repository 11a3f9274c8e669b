package conversationrules

import (
	"slices"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	"github.com/stafett/stafett/pkg/invariant/internal/rule"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// packet checks I6: keys are granted to no line but the one that accepted, from then on, for parts that may
// cross, on the newest consent, and to the holder of the child's leg by the line with custody. The sealed part is opened only by the line whose offer was
// accepted, only from then on and not after the handover came to nothing, only if
// the child said yes to more than an introduction, or was overridden in that, and
// only those parts. The child said yes to no more than it was asked.
type packet struct {
	rule.Base
	*facts.Facts
	// opener is the line that may open the packet of each handover.
	opener map[uint32]string
	// consent is the position of the newest consent or override of each handover.
	consent map[uint32]uint64
}

func NewPacket(f rule.Base, known *facts.Facts) rule.Walker {
	return &packet{Base: f, Facts: known, opener: map[uint32]string{}, consent: map[uint32]uint64{}}
}

func (p *packet) Event(s facts.Step) {
	switch k := s.Kind.(type) {
	case *eventv1.ConsentGiven:
		p.consent[k.GetHandover()] = s.Position
		p.given(s, k)
	case *eventv1.ConsentOverridden:
		p.consent[k.GetHandover()] = s.Position
	case *eventv1.AccessGranted:
		p.granted(s, k)
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

// granted: who gave a key to whom, for what, and why.
func (p *packet) granted(s facts.Step, k *eventv1.AccessGranted) {
	p.Applies()
	n := k.GetHandover()
	h := p.Handover(n)
	sends := k.GetGiver() == h.From && k.GetReceiver() == p.opener[n] && k.GetReceiver() != ""
	may := false
	switch k.GetKind() {
	case sealv1.Kind_KIND_PACKET_PART:
		may = sends && slices.Contains(h.Given, k.GetPart())
	case sealv1.Kind_KIND_BRIDGE:
		made := k.GetGiver() == h.From && p.opener[n] != "" || k.GetGiver() == p.opener[n] && k.GetGiver() != ""
		may = sends || made && k.GetReceiver() != k.GetGiver() && (k.GetReceiver() == h.From || k.GetReceiver() == p.Leg)
	case sealv1.Kind_KIND_TENURE:
		may = k.GetGiver() == p.Holder && k.GetReceiver() == p.Leg && k.GetEpoch() == p.Epoch
	}
	if !may {
		p.Violated(s.Mark, "%q gave %q a key of handover %d that it may not have: %s %s", k.GetGiver(), k.GetReceiver(), n, k.GetKind(), k.GetPart())
	}
	if k.GetConsentPosition() == 0 || k.GetConsentPosition() != p.consent[n] {
		p.Violated(s.Mark, "a key of handover %d was granted on the consent at position %d, which is not the one that counts", n, k.GetConsentPosition())
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
