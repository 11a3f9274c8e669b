package directory_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/stafett/stafett/pkg/childtext"
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
