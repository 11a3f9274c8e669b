package handover

import (
	"slices"

	"google.golang.org/protobuf/types/known/timestamppb"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// DoorClosed is why a bridge opens without a sender whose door is closed.
const DoorClosed = handoverv1.BridgeException_BRIDGE_EXCEPTION_DOOR_CLOSED

// Door says why nobody of the line with custody can take a child who waits there, which lines can, best
// first, and when the line opens, nil if that is unknown. Without a reason the door is open. If nil,
// every door is.
type Door func(c *statev1.Conversation) (why handoverv1.PassReason, open []string, opening *timestamppb.Timestamp)

// Came reports whether a counsellor of a line ever came to the conversation.
func (c Conversation) Came(line string) bool {
	return slices.ContainsFunc(c.GetParticipants(), func(p *statev1.Participant) bool { return counsels(p, line) })
}

// AtDoor reports whether the sender's system proposed the handover for a child at its closed door, and
// nobody of the sender has come since.
func (h Handover) AtDoor() bool {
	return h.Exists() && h.DoorClosed && !h.Conversation().Came(h.FromLine)
}

// MeetsAtDoor reports whether the receiver of such a handover and the child are there, so that the bridge
// can open.
func (h Handover) MeetsAtDoor() bool {
	before := h.State == Accepted || h.State == Briefing
	return before && h.AtDoor() && h.PresentReceiver() != nil && !h.Conversation().childGone()
}

// Unled reports whether the bridge opened without the sender, so that the child agrees for itself.
func (h Handover) Unled() bool {
	return h.BridgeException == SenderLost || h.BridgeException == DoorClosed
}

// WaitsAtDoor reports whether the child waits at a closed door, of which the line's duty contact was told
// once. In danger it is told again and again, as it is of one whom a receiver has left.
func (c Conversation) WaitsAtDoor() bool {
	h := c.Current()
	left := h.Exists() && h.BeforeTransfer() && h.ReceiverParticipant != ""
	return c.ClosedDoor != nil && !c.InDanger() && !left
}

// OpenLines returns the lines to which a child at a closed door can go, best first: those that were open when it was
// told, without those that are not asked again.
func (c Conversation) OpenLines() []string {
	barred := c.AskedBefore()
	return slices.DeleteFunc(slices.Clone(c.ClosedDoor.GetOpenLines()), func(line string) bool { return barred[line] })
}
