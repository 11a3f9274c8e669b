package evolve

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

func evolveSupervisorTold(c handover.Conversation, e *eventv1.SupervisorTold, at time.Time) {
	call := supervisorCall(c, e)
	call.Count, call.Time = call.Count+1, timestamppb.New(at)
	if e.Reason == handoverv1.SupervisorReason_SUPERVISOR_REASON_CHILD_DISAPPEARED {
		c.Disappearance = &statev1.Disappearance{Line: e.Line, Deadline: e.Deadline}
	}
	h := c.Handover(e.Handover)
	if !h.Exists() {
		return
	}
	switch e.Reason {
	case handoverv1.SupervisorReason_SUPERVISOR_REASON_NO_DECISION:
		h.DecisionDeadline = nil
	case handoverv1.SupervisorReason_SUPERVISOR_REASON_CANCEL_UNCONFIRMED:
		h.Deadline = nil
	case handoverv1.SupervisorReason_SUPERVISOR_REASON_HOP:
		h.Deadline = e.Deadline
		waitForChild(h)
	}
}

// supervisorCall returns the line's call for the same reason and handover, and creates
// it if needed.
func supervisorCall(c handover.Conversation, e *eventv1.SupervisorTold) *statev1.SupervisorCall {
	for _, call := range c.SupervisorCalls {
		if call.Line == e.Line && call.Reason == e.Reason && call.Handover == e.Handover {
			return call
		}
	}
	call := &statev1.SupervisorCall{Line: e.Line, Reason: e.Reason, Handover: e.Handover}
	c.SupervisorCalls = append(c.SupervisorCalls, call)
	return call
}
