package view

import (
	"slices"
	"testing"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
)

// notOfConversations lists the kinds that no conversation holds, so that no line
// watches them.
var notOfConversations = []string{
	"AccessRecorded", "HistoryJudged", "LinePublished", "LineRemoved", "LineClosed", "LineReopened",
	"CapacityReported", "SeatLeased", "RotaPublished", "RotaChanged", "TicketRefused", "LogRecovered",
	"LineKeyPublished", "LineKeyRetired", "LineKeyRevoked", "StaffKeyRegistered", "StaffKeyRevoked",
	"LineSuspended", "LineReinstated",
}

// TestEveryFieldOfEveryEventIsDecidedAbout walks the descriptors of the events.
func TestEveryFieldOfEveryEventIsDecidedAbout(t *testing.T) {
	kinds := (&eventv1.Event{}).ProtoReflect().Descriptor().Oneofs().ByName("kind").Fields()
	for i := range kinds.Len() {
		kind := kinds.Get(i).Message()
		who, decided := eventFields[string(kind.Name())]
		if decided == slices.Contains(notOfConversations, string(kind.Name())) {
			t.Errorf("%s: say in eventFields who sees its fields, or that no conversation holds it", kind.Name())
			continue
		}
		for j := range kind.Fields().Len() {
			field, times := kind.Fields().Get(j).Name(), 0
			for _, list := range []fields{who.all, who.senders, who.nobody} {
				if slices.Contains(list, field) {
					times++
				}
			}
			if decided && times != 1 {
				t.Errorf("%s.%s stands in %d lists of eventFields, want 1", kind.Name(), field, times)
			}
		}
	}
}
