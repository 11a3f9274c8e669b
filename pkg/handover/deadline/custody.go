package deadline

import (
	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/decide"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// custodyDues lists deadlines while the child is present without a counsellor of the
// line with custody. The line is alerted at once and again; then its supervisors are
// alerted for as long as it lasts.
func custodyDues(c handover.Conversation) []due {
	switch {
	case c.Waiting():
		return waitingDues(c)
	case !c.Unattended():
		return nil
	case c.Custody.AlertDeadline == nil:
		return []due{{AtOnce, alertLine}}
	}
	return []due{{c.Custody.AlertDeadline.AsTime(), alertLine}}
}

func alertLine(t *decide.Turn) {
	custody := t.Conversation.Custody
	alert, again := custody.Alerts+1, t.Rules.Alert
	if alert > t.Rules.Alerts || t.Conversation.InDanger() {
		alertSupervisorsOfUnattended(t, custody.Line)
	}
	if alert > t.Rules.Alerts {
		again = t.Rules.Supervisor
	}
	t.Emit(&eventv1.CustodyAlerted{Line: custody.Line, Epoch: custody.Epoch, Alert: alert, Deadline: t.In(again)})
}

// alertSupervisorsOfUnattended alerts the line's supervisors and, during the overlap, also those of
// the sender, who is still with the child.
func alertSupervisorsOfUnattended(t *decide.Turn, line string) {
	const reason = handoverv1.SupervisorReason_SUPERVISOR_REASON_UNATTENDED
	t.Emit(&eventv1.SupervisorTold{Line: line, Reason: reason})
	if h := t.Conversation.Overlap(); h.Exists() {
		t.Emit(&eventv1.SupervisorTold{Handover: h.Number(), Line: h.FromLine, Reason: reason})
	}
}

// emergencyDues lists the review of an emergency, by the supervisors of the line with
// custody, until somebody confirms that help has reached the child.
func emergencyDues(c handover.Conversation) []due {
	return when(c.GetEmergency().GetReviewDeadline(), (*decide.Turn).ReviewEmergency)
}

// legDues lists the deadline for answering the child's new leg. If nobody answers, the
// old leg stays.
func legDues(c handover.Conversation) []due {
	if c.PendingLeg == nil {
		return nil
	}
	return []due{{c.PendingLeg.Deadline.AsTime(), func(t *decide.Turn) {
		t.Emit(&eventv1.LegUnanswered{Ticket: t.Conversation.PendingLeg.Ticket})
	}}}
}
