package handover

import (
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// custodyDues: a child who is there with nobody of the line that has custody.
// The line is alerted at once and again, and then its supervisors are told, for
// as long as it lasts.
func custodyDues(c *handoverv1.Conversation) []due {
	if !unattended(c) {
		return nil
	}
	if c.Custody.AlertDeadline == nil {
		return []due{{AtOnce, (*turn).alertLine}}
	}
	return []due{{c.Custody.AlertDeadline.AsTime(), (*turn).alertLine}}
}

func (t *turn) alertLine() {
	custody := t.conversation.Custody
	alert, again := custody.Alerts+1, t.rules.Alert
	if alert > t.rules.Alerts {
		t.emit(&eventv1.SupervisorTold{
			Line: custody.Line, Reason: handoverv1.SupervisorReason_SUPERVISOR_REASON_UNATTENDED,
		})
		again = t.rules.Supervisor
	}
	t.emit(&eventv1.CustodyAlerted{Line: custody.Line, Epoch: custody.Epoch, Alert: alert, Deadline: t.in(again)})
}

// legDues: a new leg of the child's that nobody answers. The old one stays.
func legDues(c *handoverv1.Conversation) []due {
	if c.PendingLeg == nil {
		return nil
	}
	return []due{{c.PendingLeg.Deadline.AsTime(), func(t *turn) {
		t.emit(&eventv1.LegUnanswered{Ticket: t.conversation.PendingLeg.Ticket})
	}}}
}
