package deadline

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// lostDues lists deadlines while the receiver alone is with the child before custody has
// moved. It is told at once from when on it may open the bridge, unless the child came to a closed door, and is
// never sent out.
func lostDues(h handover.Handover) []due {
	if !h.SenderLost && !h.AtDoor() {
		return []due{{AtOnce, func(t *decide.Turn) { loseSender(t, h) }}}
	}
	return append(when(h.Deadline, func(t *decide.Turn) { loseSender(t, h) }), budgetDues(h)...)
}

// loseSender records that nobody of the sender is there, and sets when the platform looks again.
func loseSender(t *decide.Turn, h handover.Handover) {
	lost := &eventv1.SenderLost{Handover: h.Number(), Deadline: stepDeadline(t, h)}
	if h.State < handover.Bridged {
		from, bridge := h.Went(h.FromLine).Add(t.Rules.Lost), t.Rules.ReceiverTimes(h, h.ToLine).Bridge
		lost.BridgeTime = timestamppb.New(from)
		lost.Deadline = t.In(max(from.Sub(t.Now), 0) + bridge)
	}
	t.Emit(lost)
}
