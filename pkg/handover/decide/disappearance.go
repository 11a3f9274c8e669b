package decide

import (
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// TellOfDisappearance tells the supervisors of the line with custody that a child in danger has
// disappeared, and sets when they are told again unless the line has decided what to do.
func (t *Turn) TellOfDisappearance() {
	t.Emit(&eventv1.SupervisorTold{
		Line: t.Conversation.Custody.Line, Reason: handoverv1.SupervisorReason_SUPERVISOR_REASON_CHILD_DISAPPEARED, Deadline: t.In(t.Rules.Supervisor),
	})
}

// DecideOnDisappearance records what a line does about a child in danger who has disappeared. Supervisors
// are told first, if nobody has told them yet.
func (t *Turn) DecideOnDisappearance(line, participant string, decision handoverv1.DisappearanceDecision) {
	if t.Conversation.Disappearance.GetLine() != t.Conversation.Custody.Line {
		t.TellOfDisappearance()
	}
	t.Emit(&eventv1.DisappearanceDecided{Line: line, Participant: participant, Decision: decision})
}
