package evolve

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

func evolveProposed(c handover.Conversation, e *eventv1.HandoverProposed, at time.Time) {
	for before := range c.Handovers() {
		if !before.StayAsked && (before.State != handover.Deferred || before.DecisionDue) {
			clearDecision(before)
		}
	}
	c.Conversation.Handovers = append(c.Conversation.Handovers, &statev1.Handover{
		Name: handover.HandoverName(c.Name, e.Handover), State: handover.Proposed,
		FromLine: e.FromLine, Epoch: c.Custody.GetEpoch(), Header: e.Header, Candidates: e.Candidates,
		Parent: e.Parent, Hop: e.Hop, SupervisorNeeded: e.SupervisorNeeded, Deadlines: e.Deadlines, Deadline: e.Deadline, Trial: e.Trial, Consultation: e.AfterConsultation,
		DoorClosed: e.DoorClosed,
		Consent:    &statev1.Consent{},
		CreateTime: timestamppb.New(at), UpdateTime: timestamppb.New(at),
	})
	h := c.Current()
	h.NextActor = nextActor(h)
}

// clearDecision clears what the sender still had to decide about a handover.
func clearDecision(h handover.Handover) {
	h.DecisionDue, h.DecisionDeadline = false, nil
	if h.State == handover.Returned || h.State == handover.Deferred {
		h.NextActor, h.Deadline = handover.ActorNobody, nil
	}
}

// settleEarlier clears the decisions about earlier handovers, including promised times, once the child has agreed
// to this one or its line has overridden consent.
func settleEarlier(c handover.Conversation, h handover.Handover) {
	for before := range c.Handovers() {
		if before.Number() != h.Number() && !before.StayAsked {
			clearDecision(before)
		}
	}
}
