package handover

import (
	"slices"
	"time"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// evolveBridge applies the events between the receiver joining and the agreement.
func evolveBridge(c *handoverv1.Conversation, h *handoverv1.Handover, what numbered, at time.Time) {
	switch what := what.(type) {
	case *eventv1.ReceiverJoined:
		h.ReceiverParticipant = what.Participant
		freeSeats(h)
		seat(c, what.Line, what.Participant, handoverv1.Role_ROLE_COUNSELLOR, at)
		move(h, accepted, sender, what.Deadline)
	case *eventv1.BriefingStarted:
		move(h, briefing, sender, what.Deadline)
	case *eventv1.BridgeOpened:
		h.BridgeException, h.BridgeWords = what.Exception, &handoverv1.BridgeWords{}
		h.AwayDeadline, h.BudgetDeadline = nil, what.BudgetDeadline // the child is here, or the handover goes on without them
		move(h, bridged, receiver, what.Deadline)
	case *eventv1.ReceiverConfirmed:
		h.ReceiverConfirmed, h.BudgetDeadline = true, nil
		settle(h)
		move(h, confirming, child, what.Deadline)
	case *eventv1.ChildAgreed:
		h.ChildAgreed, h.NextActor = true, platform
	case *eventv1.AgreementAttested:
		h.Attested = what.Reason
	}
}

// evolveTransfer applies the transfer of custody and what follows it.
func evolveTransfer(c *handoverv1.Conversation, h *handoverv1.Handover, what numbered, at time.Time) {
	switch what := what.(type) {
	case *eventv1.CustodyTransferred:
		c.Custody = &handoverv1.Custody{Line: what.ToLine, Epoch: what.ToEpoch}
		c.Assessment = handedOver(c.Assessment, h)
		h.AwayDeadline = nil
		move(h, transferred, sender, what.Deadline)
	case *eventv1.OverlapExtended:
		h.Deadline = what.Deadline
	case *eventv1.SenderLeft:
		retire(c, what.Line, at)
		move(h, awaitingOutcome, receiver, what.Deadline)
	case *eventv1.OutcomeReported:
		h.Outcome = what.Outcome
		move(h, closed, nobody, nil)
	case *eventv1.OutcomeOverdue:
		h.OutcomeEscalation = what.Escalation
		move(h, awaitingOutcome, receiver, what.Deadline)
	}
}

// handedOver returns what the receiver gets of an assessment: the groups and risk from
// the open header, and the topics if the child allowed it. The sender's recommendation
// is left out.
func handedOver(a *handoverv1.Assessment, h *handoverv1.Handover) *handoverv1.Assessment {
	tags := a.GetTags()
	if !slices.Contains(scopes(h), handoverv1.Scope_SCOPE_CODES) {
		tags = groups(tags)
	}
	return &handoverv1.Assessment{Tags: tags, Risk: a.GetRisk()}
}
