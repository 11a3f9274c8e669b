package handover

import (
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// custodyDues lists deadlines while the child is present without a counsellor of the
// line with custody. The line is alerted at once and again; then its supervisors are
// alerted for as long as it lasts.
func custodyDues(c Conversation) []due {
	if !c.Unattended() {
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
		t.alertSupervisorsOfUnattended(custody.Line)
		again = t.rules.Supervisor
	}
	t.emit(&eventv1.CustodyAlerted{Line: custody.Line, Epoch: custody.Epoch, Alert: alert, Deadline: t.in(again)})
}

// alertSupervisorsOfUnattended alerts the line's supervisors and, during the overlap, also those of
// the sender, who is still with the child.
func (t *turn) alertSupervisorsOfUnattended(line string) {
	const reason = handoverv1.SupervisorReason_SUPERVISOR_REASON_UNATTENDED
	t.emit(&eventv1.SupervisorTold{Line: line, Reason: reason})
	if h := t.conversation.Current(); h.Exists() && h.State == transferred {
		t.emit(&eventv1.SupervisorTold{Handover: h.Number(), Line: h.FromLine, Reason: reason})
	}
}

// legDues lists the deadline for answering the child's new leg. If nobody answers, the
// old leg stays.
func legDues(c Conversation) []due {
	if c.PendingLeg == nil {
		return nil
	}
	return []due{{c.PendingLeg.Deadline.AsTime(), func(t *turn) {
		t.emit(&eventv1.LegUnanswered{Ticket: t.conversation.PendingLeg.Ticket})
	}}}
}
