package childtext

import (
	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// EmergencyNumber is the one that children at closed doors are told, in the texts too. It is the same in all of
// Europe.
const EmergencyNumber = "112"

// atDoor maps the states of a handover that is made for a child at a closed door. In the others, it is told of
// the door.
var atDoor = map[handoverv1.HandoverState]Key{
	handover.ConsentAsked: ConsentAsked, handover.Routing: DoorAsking, handover.Offered: DoorAsking,
	handover.Accepted: DoorComing, handover.Briefing: DoorComing, handover.Bridged: DoorBridged, handover.Confirming: ConfirmingAlone,
	handover.Transferred: Transferred, handover.Deferred: Deferred, handover.Signposted: Signposted,
}

// ofDoor returns what is going on in such a handover, or nothing.
func ofDoor(h handover.Handover) Key {
	if h.State == handover.ConsentAsked && h.RemindTime == nil {
		return DoorReminder
	}
	return atDoor[h.State]
}

// ofClosed is for a child at a closed door.
func ofClosed(c handover.Conversation) Key {
	if len(c.OpenLines()) == 0 {
		return AtDoorAlone
	}
	return AtDoor
}
