package routing

import (
	"go.etcd.io/bbolt"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	"github.com/stafett/stafett/services/internal/projection"
)

// applyDoors records at which line's door a child waits whom nobody of the line has met.
func applyDoors(tx *bbolt.Tx, id string, state *handover.State) error {
	c := handover.Of(state.Conversation)
	waits := c.CloseTime == nil && c.Custody.GetLine() == c.EntryLine && !c.Came(c.EntryLine)
	return putIf(tx.Bucket(doorsBucket), append(projection.Prefix(c.EntryLine), id...), waits)
}

// waitingAt lists the conversations of the children who wait at a line's door; for an empty line those of all
// lines.
func waitingAt(tx *bbolt.Tx, line string) (ids []string) { return ofLine(tx.Bucket(doorsBucket), line) }

// comesToDoor reports whether an event brings a child to a door where nobody has met it, or says that it opens, so
// that the door must be compared with the directory.
func comesToDoor(e *eventv1.Event, state *handover.State) bool {
	comes := e.GetParticipantJoined().GetRole() == handoverv1.Role_ROLE_CHILD || e.GetDoorOpened() != nil
	return comes && handover.Of(state.Conversation).Waiting()
}
