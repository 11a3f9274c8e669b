package directory_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/childtext"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	intakev1 "github.com/stafett/stafett/proto/stafett/intake/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	"github.com/stafett/stafett/services/apitest"
)

// TestADoorThatClosesWhileAChildWaits: the child is told which lines are open, once, also across a restart; and
// when it opens again, that the line takes it.
func TestADoorThatClosesWhileAChildWaits(t *testing.T) {
	w := apitest.NewWorld(t)
	w.Staff()
	sender := w.Desk("sender")
	opened := sender.Recorded(sender.Intake.OpenConversation(w.Ctx, &intakev1.OpenConversationRequest{
		RequestId: uuid.NewString(), Channel: apitest.Chat, LanguageCode: "nb", Child: "child",
	}))
	closure := w.Closure()
	closure.Line = "lines/sender"
	sender.Recorded(sender.Directory.CloseLine(w.Ctx, closure))
	wantAtDoor(sender, opened.Name, childtext.AtDoor)
	w.Restart(func() {})
	sender = w.Desk("sender")
	if told := wantAtDoor(sender, opened.Name, childtext.AtDoor); len(told.OpenLines) == 0 || told.OpenLines[0] != "lines/first" || len(told.EmergencyNumbers) == 0 {
		t.Errorf("the child is told %v, want that the first line is open, and a number", told)
	}
	sender.Recorded(sender.Directory.ReopenLine(w.Ctx, &routingv1.ReopenLineRequest{RequestId: uuid.NewString(), Line: "lines/sender"}))
	if told := wantAtDoor(sender, opened.Name, childtext.Arrived); len(told.OpenLines) > 0 {
		t.Errorf("at an open door the child is told %v", told)
	}
}

func wantAtDoor(d apitest.Desk, conversation string, key childtext.Key) *intakev1.ChildStatus {
	d.T.Helper()
	d.Settle()
	told := apitest.Must[*intakev1.ChildStatus](d.T)(d.Intake.GetChildStatus(d.Ctx, &intakev1.GetChildStatusRequest{Name: conversation + "/childStatus"}))
	if told.Key != string(key) {
		d.T.Errorf("the child is told %v, want %s", told, key)
	}
	return told
}

// TestADoorThatOpensEarlier than was known when the child was told: its line has changed its hours, and takes it from
// then on.
func TestADoorThatOpensEarlier(t *testing.T) {
	w := apitest.NewWorld(t) // 20:00 in Oslo
	w.Staff()
	hours := func(from string) {
		sender := strings.Replace(apitest.FileLine("sender", "0-25"), "00:00-24:00", from+"-24:00", 1)
		applies(w, apitest.LinesFile(sender, apitest.FileLine("first", "0-25")))
	}
	hours("23:00")
	sender := w.Desk("sender")
	opened := sender.Recorded(sender.Intake.OpenConversation(w.Ctx, &intakev1.OpenConversationRequest{
		RequestId: uuid.NewString(), Channel: apitest.Chat, LanguageCode: "nb", Child: "child",
	}))
	if told := wantAtDoor(sender, opened.Name, childtext.AtDoor); told.OpeningTime.AsTime().Sub(w.Clock.Now()) != 3*time.Hour {
		t.Errorf("the child is told that the line opens at %v, want in three hours", told.OpeningTime.AsTime())
	}
	hours("21:00")
	wantAtDoor(sender, opened.Name, childtext.AtDoor)
	w.Advance(time.Hour)
	if doors := apitest.Logged[*eventv1.DoorOpened](w, opened.Name); len(doors) != 1 {
		t.Errorf("when the line opens, the door opened %d times", len(doors))
	}
}
