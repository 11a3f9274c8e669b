package deadline

import (
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// waitingAlerts is how many alerts about a child who waits go to its line before its
// supervisors are told, with each one from then on.
const waitingAlerts = 2

// waitingDues lists the next alert about a child who waits for its first counsellor. A child
// in danger, and one who has come back after an alert, does not wait for it.
func waitingDues(c handover.Conversation) []due {
	switch custody := c.Custody; {
	case c.WaitsAtDoor():
		return when(c.ClosedDoor.OpeningTime, openDoor)
	case custody.AlertDeadline != nil:
		return []due{{custody.AlertDeadline.AsTime(), alertOfWaiting}}
	case custody.Alerts > 0 || c.InDanger():
		return []due{{AtOnce, alertOfWaiting}}
	}
	return []due{{c.Child().Since.AsTime().Add(handover.DefaultRules().WaitingTime(c)), alertOfWaiting}}
}

// alertOfWaiting alerts the line, then its supervisors, for as long as the child waits.
func alertOfWaiting(t *decide.Turn) {
	custody, wait := t.Conversation.Custody, t.Rules.WaitingTime(t.Conversation)
	alert, again := custody.Alerts+1, wait
	if alert > waitingAlerts || t.Conversation.InDanger() {
		t.Emit(&eventv1.SupervisorTold{Line: custody.Line, Reason: handoverv1.SupervisorReason_SUPERVISOR_REASON_WAITING})
	}
	if alert > waitingAlerts {
		again = max(t.Rules.Supervisor, wait)
	}
	t.Emit(&eventv1.CustodyAlerted{Line: custody.Line, Epoch: custody.Epoch, Alert: alert, Deadline: t.In(again)})
}
