package deadline

import (
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// lookAtDoor records that the door at which a child waits is closed, and tells the line's duty contact; or that it
// is open again.
func lookAtDoor(t *decide.Turn, door handover.Door) {
	c := t.Conversation
	if door == nil || c.GetCustody() == nil || !c.Waiting() {
		return
	}
	why, open, opening := door(c.Conversation)
	switch {
	case why == 0 && c.ClosedDoor != nil:
		openDoor(t)
	case why != 0 && c.ClosedDoor == nil:
		t.Emit(&eventv1.DoorClosed{Line: c.Custody.Line, Reason: why, OpenLines: open, OpeningTime: opening})
		t.TellOfDoor(handover.Handover{})
	}
}

// openDoor makes the child wait as at any open door. If the line does not open when it was to, the platform
// records again that it is closed.
func openDoor(t *decide.Turn) { t.Emit(&eventv1.DoorOpened{Line: t.Conversation.Custody.Line}) }
