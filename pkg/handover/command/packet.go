package command

import (
	"fmt"
	"slices"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	"github.com/stafett/stafett/pkg/refusal"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
)

// SealPacket records that the vault holds one part of the packet. A part can be
// replaced until lines are asked.
type SealPacket struct {
	Line       string
	Handover   uint32
	Part       handoverv1.Scope
	Commitment []byte
	SizeBucket uint32
}

func sealPacket(o decide.Origin, r *intakev1.SealPacketRequest) SealPacket {
	return SealPacket{
		Line: o.Line, Handover: o.At.Handover, Part: r.Part,
		Commitment: o.Sealed.Commitment, SizeBucket: o.Sealed.SizeBucket,
	}
}

func (c SealPacket) Decide(t *decide.Turn) error {
	h, err := t.Handover(c.Line, c.Handover)
	if err != nil {
		return err
	}
	if h.State == handover.ConsentAsked && !slices.Contains(h.Consent.Asked, c.Part) {
		return decide.OutsideConsent(c.Part, "the child was not asked about it")
	}
	sealed := &eventv1.PacketSealed{Handover: h.Number(), Part: c.Part, Commitment: c.Commitment, SizeBucket: c.SizeBucket}
	if h.State == handover.Proposed && !h.Held() {
		sealed.DraftDeadline = t.DraftDeadline(h)
	}
	t.Emit(sealed)
	return nil
}

// OpenPacket lets the line that accepted fetch the parts that consent covers.
type OpenPacket struct {
	Line     string
	Handover uint32
}

func openPacket(o decide.Origin, _ *intakev1.OpenPacketRequest) OpenPacket {
	return OpenPacket{Line: o.Line, Handover: o.At.Handover}
}

func (c OpenPacket) Decide(t *decide.Turn) error {
	h, err := opening(t, c)
	if err != nil {
		return err
	}
	parts := h.OpenParts()
	if len(parts) == 0 {
		return refusal.PacketMissing(fmt.Sprintf("%s has no sealed part that consent covers", h.Name), "handover", h.Name)
	}
	opened := &eventv1.PacketOpened{Handover: h.Number(), Line: c.Line}
	for _, p := range parts {
		opened.Parts = append(opened.Parts, p.Part)
	}
	t.Emit(opened)
	return nil
}

// OpenedParts returns the sealed parts of a packet that was opened before, as far as consent
// still covers them, also once the handover has ended.
func OpenedParts(s *handover.State, n uint32) []*handoverv1.PacketPart {
	h := handover.Of(s.Conversation).Handover(n)
	if decide.RequireConsent(h) != nil {
		return nil
	}
	return h.OpenParts()
}

// opening refuses every line but the one that accepted, and refuses that one too
// outside its time. Its reason of its own reveals neither what was sealed nor whether
// the handover exists.
func opening(t *decide.Turn, c OpenPacket) (handover.Handover, error) {
	if err := t.RequireKnown(); err != nil {
		return handover.Handover{}, err
	}
	h := t.Conversation.Handover(c.Handover)
	t.Name = handover.HandoverName(t.Conversation.Name, c.Handover)
	if !h.Exists() {
		return handover.Handover{}, packetClosed(c.Line, t.Name)
	}
	open := t.Conversation.CloseTime == nil && t.Permission.Allows(h.State)
	if h.ToLine != c.Line || !open {
		return handover.Handover{}, packetClosed(c.Line, t.Name)
	}
	return h, decide.RequireConsent(h)
}

func packetClosed(line, handover string) error {
	return refusal.PacketClosed(fmt.Sprintf("%s may not open the packet of %s; only the line that accepted may, while the handover and the conversation last", line, handover),
		"line", line, "handover", handover)
}
