package handover

import (
	"time"

	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Why a bridge opens without one of the three.
const (
	ChildUnreachable = handoverv1.BridgeException_BRIDGE_EXCEPTION_CHILD_UNREACHABLE
	SenderLost       = handoverv1.BridgeException_BRIDGE_EXCEPTION_SENDER_LOST
)

// LacksSender reports whether nobody of the sender is there before custody has moved, and the
// receiver is with the child. On slow channels nobody is expected to be there.
func (h Handover) LacksSender() bool {
	if h.State < Accepted || h.State > Confirming || h.PresentReceiver() == nil {
		return false
	}
	c := h.Conversation()
	return !c.Slow() && c.Child().GetPresent() && c.Counsellors(h.FromLine) == 0
}

// LacksReceiver reports whether nobody of the receiver is there after custody has moved, and the
// sender is with the child. On slow channels nobody is expected to be there.
func (h Handover) LacksReceiver() bool {
	c := h.Conversation()
	return h.State == Transferred && !c.Slow() && c.Child().GetPresent() && c.Counsellors(h.FromLine) > 0 && c.Counsellors(h.ToLine) == 0
}

// Hop returns which transfer of custody the next one would be, from 1. One that was reversed
// does not count.
func (c Conversation) Hop() uint32 {
	hop := c.Custody.GetEpoch()
	for h := range c.Handovers() {
		if h.State == Reversed {
			hop -= 2
		}
	}
	return hop
}

// Went returns when a line's last counsellor went. The line must have none there now.
func (h Handover) Went(line string) time.Time {
	went := h.CreateTime.AsTime()
	for _, p := range h.of.GetParticipants() {
		if counsels(p, line) && p.Since.AsTime().After(went) {
			went = p.Since.AsTime()
		}
	}
	return went
}
