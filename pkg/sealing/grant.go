package sealing

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/client"
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/seal"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// Grant sends what Grants returns. Call it as soon as a line has accepted, and when custody has moved.
func (s *System) Grant(ctx context.Context, of string) error {
	h, owed, err := s.owed(ctx, of)
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
	var paid []sharing
	for _, d := range owed {
		paid = append(paid, sharing{d.ID(), &sealv1.KeyShared{Line: handover.LineID(d.to), GiverKey: s.own().Signing().ID}})
	}
	return s.shared(conversationOf(of), paid)
}

// Grants returns the grants that this line owes the other one by now, or nil: from the sender the keys of
// the parts that may cross and the bridge's; from the receiver that of its tenure to the line that holds
// the child's leg, and the bridge's if the sender's people were lost before they could, until the log has that.
// A platform that shows more than any yes at this line since the last withdrawal gets ErrAltered.
func (s *System) Grants(ctx context.Context, of string) (*intakev1.GrantAccessRequest, error) {
	h, owed, err := s.owed(ctx, of)
	if err != nil || len(owed) == 0 {
		return nil, err
	}
	return s.pay(ctx, h, owed)
}

// owed are the keys that this line owes by now.
func (s *System) owed(ctx context.Context, of string) (*routingv1.Handover, []debt, error) {
	c, h, err := s.find(ctx, of)
	if err != nil {
		return nil, nil, err
	}
	if _, err := s.ownKeys(ctx); err != nil {
		return nil, nil, err
	}
	owes := s.receiversDebts
	if s.is(h.FromLine) {
		owes = s.sendersDebts
	}
	owed, err := owes(c, h)
	return h, owed, err
}

// debt is a key and the line to which it is owed.
type debt struct {
	seal.Held
	to string
}

func (s *System) sendersDebts(c *intakev1.Conversation, h *routingv1.Handover) (owed []debt, err error) {
	held, err := s.of(c.Name)
	if err != nil {
		return nil, err
	}
	if !open(h) || h.Consent.GetWithdrawn() || acceptedOffer(h) == "" {
		return nil, nil
	}
	agreed := held.Agreement(h.Name, h.Consent.GetGiven())
	for _, given := range h.Consent.GetGiven() {
		if !slices.Contains(agreed.GetScopes(), given) {
			return nil, altered("%s, which was not agreed to at this line", given)
		}
	}
	for _, id := range agreed.GetContentKeys() {
		if key := held.Key(id); key != nil && crosses(h, *key) {
			owed = append(owed, debt{*key, h.ToLine})
		}
	}
	bridge, err := s.bridgeKey(h)
	return append(owed, s.onTheBridge(c, bridge, h.ToLine)...), err
}

// onTheBridge owes a bridge's key to the other line, and to a third one that carries the child's leg.
func (s *System) onTheBridge(c *intakev1.Conversation, bridge seal.Held, other string) []debt {
	owed := []debt{{bridge, other}}
	if c.LegLine != "" && c.LegLine != other && !s.is(c.LegLine) {
		owed = append(owed, debt{bridge, c.LegLine})
	}
	return owed
}

// crosses reports whether the version of a part that a key seals is still the one that the child was shown, or the
// override named.
func crosses(h *routingv1.Handover, key seal.Held) bool {
	version := &handoverv1.PacketPart{Part: partOf(key.Place), Commitment: key.Commitment}
	same := func(p *handoverv1.PacketPart) bool { return handover.SamePart(p, version) }
	return slices.Contains(h.Consent.Given, version.Part) && slices.ContainsFunc(h.PacketParts, same) && slices.ContainsFunc(h.Consent.GivenParts, same)
}

func (s *System) receiversDebts(c *intakev1.Conversation, h *routingv1.Handover) (owed []debt, err error) {
	made, err := s.bridgeKeys(h)
	if err != nil {
		return nil, err
	}
	if len(shareable(made)) == 0 && (h.SenderLost || len(made) > 0) {
		bridge, err := s.bridgeKey(h)
		if err != nil {
			return nil, err
		}
		owed = s.onTheBridge(c, bridge, h.FromLine)
	}
	if s.is(c.Custody.GetLine()) && !s.is(c.LegLine) && c.Custody.Epoch == h.Epoch+1 {
		tenure, err := s.keyFor(s.place(h.Name, c.Custody.Epoch, sealv1.Kind_KIND_TENURE), acceptedOffer(h))
		return append(owed, debt{tenure, c.LegLine}), err
	}
	return owed, nil
}

// bridgeKey is this line's key of a bridge, made if there is none. The next receiver gets another one.
func (s *System) bridgeKey(h *routingv1.Handover) (seal.Held, error) {
	epoch := h.Epoch
	if s.is(h.ToLine) && transferred(h) {
		epoch++
	}
	return s.keyFor(s.place(h.Name, epoch, sealv1.Kind_KIND_BRIDGE), acceptedOffer(h))
}

func (s *System) bridgeKeys(h *routingv1.Handover) ([]seal.Held, error) {
	held, err := s.of(conversationOf(h.Name))
	if err != nil {
		return nil, err
	}
	return newest(held, func(k seal.Held) bool {
		return k.Place.Handover == h.Name && k.Place.Kind == sealv1.Kind_KIND_BRIDGE && k.Offer == acceptedOffer(h)
	}), nil
}

func (s *System) pay(ctx context.Context, h *routingv1.Handover, owed []debt) (*intakev1.GrantAccessRequest, error) {
	request := &intakev1.GrantAccessRequest{RequestId: uuid.NewString(), Handover: h.Name}
	keys := map[string]*seal.PublicKey{} // by line
	for _, d := range owed {
		if keys[d.to] == nil {
			key, err := s.sealingKey(ctx, handover.LineID(d.to))
			if err != nil {
				return nil, err
			}
			keys[d.to] = key
		}
		grant, err := s.own().Grant(keys[d.to], terms(h, d.Place.Kind, partOf(d.Place), d.Place.Epoch), d.ContentKey)
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
