package evolve

import (
	"slices"
	"time"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// evolveBridge applies the events between the receiver joining and the agreement.
func evolveBridge(c handover.Conversation, h handover.Handover, what event.OfHandover, at time.Time) {
	switch what := what.(type) {
	case *eventv1.ReceiverJoined:
		h.ReceiverParticipant = what.Participant
		freeSeats(h)
		arrive(c, what.Line, what.Participant, handoverv1.Role_ROLE_COUNSELLOR, at)
		move(h, handover.Accepted, handover.ActorSender, what.Deadline)
	case *eventv1.BriefingStarted:
		move(h, handover.Briefing, handover.ActorSender, what.Deadline)
	case *eventv1.SenderLost:
		h.SenderLost, h.BridgeTime = true, what.BridgeTime
		move(h, h.State, nextActor(h), what.Deadline)
	case *eventv1.BridgeOpened:
		h.BridgeTime = nil
		h.BridgeException, h.BridgeWords = what.Exception, &statev1.BridgeWords{}
		h.AwayDeadline, h.BudgetDeadline = nil, what.BudgetDeadline // the child is here, or the handover goes on without them
		move(h, handover.Bridged, handover.ActorReceiver, what.Deadline)
	case *eventv1.ReceiverConfirmed:
		h.ReceiverConfirmed, h.BudgetDeadline = true, nil
		clearDecision(h)
		move(h, handover.Confirming, handover.ActorChild, what.Deadline)
	case *eventv1.ChildAgreed:
		h.ChildAgreed, h.NextActor = true, handover.ActorPlatform
	case *eventv1.AgreementAttested:
		h.Attested = what.Reason
	}
}

// evolveTransfer applies the transfer of custody and what follows it.
func evolveTransfer(c handover.Conversation, h handover.Handover, what event.OfHandover, at time.Time) {
	switch what := what.(type) {
	case *eventv1.CustodyTransferred:
		c.Custody = &statev1.Custody{Line: what.ToLine, Epoch: what.ToEpoch}
		if what.Reason != 0 {
			h.ReverseReason = what.Reason
			end(c, h, handover.Reversed, at)
			followCustody(c, h)
			return
		}
		c.Assessment = handedOver(c.Assessment, h)
		h.AwayDeadline = nil
		h.SenderLost, h.BridgeTime = false, nil
		move(h, handover.Transferred, handover.ActorSender, what.Deadline)
	case *eventv1.StayAsked:
		h.StayAsked, h.DecisionDue, h.DecisionDeadline = true, true, what.Deadline
	case *eventv1.OverlapExtended:
		h.Deadline = what.Deadline
	case *eventv1.SenderLeft:
		clearDecision(h)
		h.StayAsked = false
		move(h, handover.AwaitingOutcome, handover.ActorReceiver, what.Deadline)
		dismissCounsellors(c, what.Line, at)
	case *eventv1.OutcomeReported:
		h.Outcome, h.OutcomeLate = what.Outcome, what.Late
		move(h, handover.Closed, handover.ActorNobody, nil)
	case *eventv1.OutcomeOverdue:
		h.OutcomeEscalation = what.Escalation
		move(h, handover.AwaitingOutcome, handover.ActorReceiver, what.Deadline)
	}
}

// followCustody settles what the receiver of a reversed handover had begun meanwhile: the line that
// has custody again keeps what was promised to the child, and has nothing else to decide.
func followCustody(c handover.Conversation, reversed handover.Handover) {
	for h := range c.Handovers() {
		if h.Number() <= reversed.Number() || h.FromLine != reversed.ToLine {
			continue
		}
		if h.State == handover.Deferred && (h.Deadline != nil || h.DecisionDue) {
			h.FromLine = c.Custody.Line
		} else {
			clearDecision(h)
		}
	}
}

// handedOver returns what the receiver gets of an assessment: the groups and risk from
// the open header, and the topics if the child allowed it. The sender's recommendation
// is left out.
func handedOver(a *statev1.Assessment, h handover.Handover) *statev1.Assessment {
	tags := a.GetTags()
	if !slices.Contains(h.Scopes(), handoverv1.Scope_SCOPE_CODES) {
		tags = handover.TopicGroups(tags)
	}
	return &statev1.Assessment{Tags: tags, Risk: a.GetRisk()}
}
