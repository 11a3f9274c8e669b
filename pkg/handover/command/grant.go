package command

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	"github.com/stafett/stafett/pkg/seal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// GrantAccess records that the vault holds grants of content keys to the other line. Until a line
// has accepted there is nobody to grant to.
type GrantAccess struct {
	Line     string
	Handover uint32
	Grants   []*sealv1.Grant
	Trusts   handover.Trusts
}

func grantAccess(o decide.Origin, lines handover.Directory, r *intakev1.GrantAccessRequest) GrantAccess {
	return GrantAccess{Line: o.Line, Handover: o.At.Handover, Grants: r.Grants, Trusts: lines.Trusts}
}

func (c GrantAccess) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if c.Line != h.FromLine && c.Line != h.ToLine {
		return t.Deny(refusal.CustodyNotYours, c.Line, "neither gives nor takes this handover of")
	}
	for _, grant := range c.Grants {
		if err := c.give(t, h, grant); err != nil {
			return err
		}
	}
	return nil
}

// give compares the terms of one grant with the log, and records it.
func (c GrantAccess) give(t *decide.Turn, h handover.Handover, grant *sealv1.Grant) error {
	terms := &sealv1.GrantTerms{}
	if err := proto.Unmarshal(grant.GetTerms(), terms); err != nil {
		return notTrusted(h, "its terms cannot be read")
	}
	receivers, epochs, err := c.entitled(t, h, terms)
	if err != nil {
		return err
	}
	offer := h.AcceptedOffer()
	want := proto.CloneOf(terms)
	want.Conversation, want.Handover, want.Offer = t.Conversation.Name, h.Name, offer.GetName()
	want.ConsentPosition, want.Giver = h.Consent.Position, c.Line
	want.ProtoReflect().SetUnknown(nil)
	if field := seal.Differs(terms, want); field != "" {
		return notTrusted(h, "its "+field+" is not the one in the log")
	}
	if !slices.Contains(receivers, terms.Receiver) || terms.Receiver == c.Line {
		return notTrusted(h, "its receiver is not the one in the log")
	}
	if !slices.Contains(epochs, terms.Epoch) {
		return notTrusted(h, "its epoch is not the one in the log")
	}
	if err := c.Trusts.Check(grant, terms); err != nil {
		return err
	}
	t.Emit(&eventv1.AccessGranted{
		Handover: h.Number(), AcceptedOffer: offer.Number(), Kind: terms.Kind, Part: terms.Part, Epoch: terms.Epoch,
		Giver: c.Line, Receiver: terms.Receiver, GiverKey: terms.GiverKey, ReceiverKey: terms.ReceiverKey,
		ContentKey: terms.ContentKey, ConsentPosition: terms.ConsentPosition, Hash: seal.GrantHash(grant),
	})
	return nil
}

// entitled returns the lines to which this one may grant such a key, and the epochs for which the key
// can have been made. Who carries the child's leg reads and writes on the bridge, too.
func (c GrantAccess) entitled(t *decide.Turn, h handover.Handover, terms *sealv1.GrantTerms) (receivers []string, epochs []uint32, err error) {
	custody, leg := t.Conversation.Custody, t.Conversation.LegLine
	switch {
	case terms.Kind == sealv1.Kind_KIND_PACKET_PART && c.Line == h.FromLine:
		if !slices.ContainsFunc(h.OpenParts(), func(p *handoverv1.PacketPart) bool { return p.Part == terms.Part }) {
			return nil, nil, decide.OutsideConsent(terms.Part, "no such part was sealed that may cross")
		}
		return []string{h.ToLine}, []uint32{h.Epoch}, nil
	case terms.Part != handoverv1.Scope_SCOPE_UNSPECIFIED:
		return nil, nil, notTrusted(h, "only the sender's grants of the packet name a part")
	case terms.Kind == sealv1.Kind_KIND_BRIDGE && c.Line == h.FromLine:
		return []string{h.ToLine, leg}, []uint32{h.Epoch}, nil
	case terms.Kind == sealv1.Kind_KIND_BRIDGE && c.Line == h.ToLine && !h.Granted(terms.Kind, h.FromLine, h.ToLine):
		return []string{h.FromLine, leg}, []uint32{h.Epoch, h.Epoch + 1}, nil
	case terms.Kind == sealv1.Kind_KIND_TENURE && c.Line == custody.Line && c.Line == h.ToLine && c.Line != leg:
		return []string{leg}, []uint32{custody.Epoch}, nil
	}
	return nil, nil, notTrusted(h, fmt.Sprintf("%s may not grant such a key now", c.Line))
}

func notTrusted(h handover.Handover, why string) error {
	return refusal.GrantNotTrusted("the grant is refused: "+why, "handover", h.Name)
}
