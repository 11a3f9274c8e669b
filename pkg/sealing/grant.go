package sealing

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/seal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// Grant sends what Grants returns. Call it as soon as a line has accepted, and when custody has moved.
func (s *System) Grant(ctx context.Context, handover string, agreed ...handoverv1.Scope) error {
	h, owed, err := s.owed(ctx, handover, agreed)
	if err != nil || len(owed) == 0 {
		return err
	}
	request, err := s.pay(ctx, h, owed)
	if err != nil {
		return err
	}
	answer, err := client.Send(ctx, s.platform.Intake.GrantAccess, request)
	if err != nil {
		return err
	}
	s.Saw(answer.Recorded.Position)
	for _, d := range owed {
		s.granted(d.ID())
	}
	return nil
}

// Grants returns the grants that this line owes the other one by now, or nil: from the sender the keys of
// the parts that may cross and the bridge's; from the receiver that of its tenure to the line that holds
// the child's leg, and the bridge's if the sender's people were lost before they could, until the log has that. Agreed
// is what the child agreed to at this line, or the override named; a platform that shows more gets ErrAltered.
func (s *System) Grants(ctx context.Context, handover string, agreed ...handoverv1.Scope) (*intakev1.GrantAccessRequest, error) {
	h, owed, err := s.owed(ctx, handover, agreed)
	if err != nil || len(owed) == 0 {
		return nil, err
	}
	return s.pay(ctx, h, owed)
}

// owed are the keys that this line owes by now.
func (s *System) owed(ctx context.Context, handover string, agreed []handoverv1.Scope) (*routingv1.Handover, []debt, error) {
	c, h, err := s.find(ctx, handover)
	if err != nil {
		return nil, nil, err
	}
	if _, err := s.ownKeys(ctx); err != nil {
		return nil, nil, err
	}
	if idOf(h.FromLine) != s.own().ID() {
		return h, s.receiversDebts(c, h), nil
	}
	owed, err := s.sendersDebts(c, h, agreed)
	return h, owed, err
}

// debt is a key and the line to which it is owed.
type debt struct {
	heldKey
	to string
}

func (s *System) sendersDebts(c *intakev1.Conversation, h *routingv1.Handover, agreed []handoverv1.Scope) (owed []debt, err error) {
	for _, given := range h.Consent.GetGiven() {
		if !slices.Contains(agreed, given) {
			return nil, altered("%s, which was not agreed to at this line", given)
		}
	}
	if !open(h) || h.Consent.GetWithdrawn() || acceptedOffer(h) == "" {
		return nil, nil
	}
	for _, key := range s.held(c.Name, func(k heldKey) bool { return k.place.Handover == h.Name && crosses(h, partOf(k.place)) }) {
		owed = append(owed, debt{key, h.ToLine})
	}
	return append(owed, debt{s.bridgeKey(c, h), h.ToLine}), nil
}

// crosses reports whether a part is still the one that the child was shown, or the override named.
func crosses(h *routingv1.Handover, part handoverv1.Scope) bool {
	shown := func(p *handoverv1.PacketPart) bool {
		return p.Part == part && slices.ContainsFunc(h.Consent.GivenParts, func(g *handoverv1.PacketPart) bool { return same(g, p) })
	}
	return slices.Contains(h.Consent.Given, part) && slices.ContainsFunc(h.PacketParts, shown)
}

func (s *System) receiversDebts(c *intakev1.Conversation, h *routingv1.Handover) (owed []debt) {
	if made := s.bridgeKeys(h); len(shareable(made)) == 0 && (h.SenderLost || len(made) > 0) {
		owed = append(owed, debt{s.bridgeKey(c, h), h.FromLine})
	}
	if idOf(c.Custody.GetLine()) == s.own().ID() && idOf(c.LegLine) != s.own().ID() {
		tenure := s.keyFor(s.place(h.Name, c.Custody.Epoch, sealv1.Kind_KIND_TENURE), acceptedOffer(h))
		owed = append(owed, debt{tenure, c.LegLine})
	}
	return owed
}

// bridgeKey is this line's key of a bridge, made if there is none. The next receiver gets another one.
func (s *System) bridgeKey(c *intakev1.Conversation, h *routingv1.Handover) heldKey {
	epoch := c.Custody.GetEpoch()
	if idOf(h.FromLine) == s.own().ID() {
		epoch = senders(c, h)
	}
	return s.keyFor(s.place(h.Name, epoch, sealv1.Kind_KIND_BRIDGE), acceptedOffer(h))
}

func (s *System) bridgeKeys(h *routingv1.Handover) []heldKey {
	return s.held(conversationOf(h.Name), func(k heldKey) bool {
		return k.place.Handover == h.Name && k.place.Kind == sealv1.Kind_KIND_BRIDGE && k.offer == acceptedOffer(h)
	})
}

func (s *System) pay(ctx context.Context, h *routingv1.Handover, owed []debt) (*intakev1.GrantAccessRequest, error) {
	request := &intakev1.GrantAccessRequest{RequestId: uuid.NewString(), Handover: h.Name}
	keys := map[string]*seal.PublicKey{} // by line
	for _, d := range owed {
		if keys[d.to] == nil {
			key, err := s.newest(ctx, idOf(d.to), sealv1.KeyUse_KEY_USE_SEALING)
			if err != nil {
				return nil, err
			}
			keys[d.to] = key
		}
		grant, err := s.own().Grant(keys[d.to], terms(h, d.place.Kind, partOf(d.place), d.place.Epoch), d.ContentKey)
		if err != nil {
			return nil, err
		}
		request.Grants = append(request.Grants, grant)
	}
	return request, nil
}

func altered(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrAltered, fmt.Sprintf(format, args...))
}
