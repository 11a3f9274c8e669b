package handover

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	nobody   = handoverv1.NextActor_NEXT_ACTOR_UNSPECIFIED
	sender   = handoverv1.NextActor_NEXT_ACTOR_SENDER
	child    = handoverv1.NextActor_NEXT_ACTOR_CHILD
	platform = handoverv1.NextActor_NEXT_ACTOR_PLATFORM
	receiver = handoverv1.NextActor_NEXT_ACTOR_RECEIVER
)

// evolveHandover applies an event of one handover.
func evolveHandover(c *handoverv1.Conversation, h *handoverv1.Handover, what numbered, at time.Time) {
	h.UpdateTime = timestamppb.New(at)
	if offer, ok := what.(numberedOffer); ok {
		evolveOffer(c, h, offer, at)
		return
	}
	switch what := what.(type) {
	case *eventv1.PacketSealed:
		h.PacketParts = replacePart(h.PacketParts, what.Part, what.Commitment)
	case *eventv1.ConsentAsked:
		h.Consent.Asked = what.Scopes
		move(h, consentAsked, child, what.Deadline)
	case *eventv1.ConsentGiven:
		h.Consent.Given, h.BudgetDeadline = what.Scopes, what.BudgetDeadline
		move(h, routing, platform, what.Deadline)
	case *eventv1.ConsentRefused:
		h.Consent.Refused = true
		move(h, h.State, platform, timestamppb.New(at))
	case *eventv1.ConsentWithdrawn:
		h.Consent.Withdrawn = true
		move(h, h.State, platform, timestamppb.New(at))
	case *eventv1.HandoverRouted:
		h.Routing = what.Decision
	case *eventv1.HandoverReturned:
		h.ReturnReason = what.Reason
		dismiss(c, h)
		move(h, returned, nobody, nil)
	case *eventv1.HandoverCancelled:
		h.CancelReason = what.Reason
		dismiss(c, h)
		move(h, cancelled, nobody, nil)
	default:
		evolveBridge(c, h, what)
	}
}

// evolveBridge applies the events from the receiver's coming to the outcome.
func evolveBridge(c *handoverv1.Conversation, h *handoverv1.Handover, what numbered) {
	switch what := what.(type) {
	case *eventv1.ReceiverJoined:
		h.ReceiverParticipant = what.Participant
		seat(c, what.Line, what.Participant, handoverv1.Role_ROLE_COUNSELLOR)
		move(h, accepted, sender, what.Deadline)
	case *eventv1.BriefingStarted:
		move(h, briefing, sender, what.Deadline)
	case *eventv1.BridgeOpened:
		move(h, bridged, receiver, what.Deadline)
	case *eventv1.ReceiverConfirmed:
		h.ReceiverConfirmed = true
		move(h, confirming, child, what.Deadline)
	case *eventv1.ChildAgreed:
		h.ChildAgreed, h.NextActor = true, platform
	case *eventv1.AgreementAttested:
		h.Attested = what.Reason
	case *eventv1.CustodyTransferred:
		c.Custody = &handoverv1.Custody{Line: what.ToLine, Epoch: what.ToEpoch}
		c.Assessment = handedOver(c.Assessment, h)
		move(h, transferred, sender, what.Deadline)
	case *eventv1.SenderLeft:
		retire(c, what.Line)
		move(h, awaitingOutcome, receiver, what.Deadline)
	case *eventv1.OutcomeReported:
		h.Outcome = what.Outcome
		move(h, closed, nobody, nil)
	case *eventv1.OutcomeOverdue:
		h.OutcomeEscalation = what.Escalation
		move(h, awaitingOutcome, receiver, what.Deadline)
	}
}

// handedOver is what the receiver gets of an assessment: the open header's
// groups and risk, and the topics themselves where the child allowed it. What was
// recommended to the sender is not.
func handedOver(a *handoverv1.Assessment, h *handoverv1.Handover) *handoverv1.Assessment {
	tags := a.Tags
	if !slices.Contains(h.Consent.Given, handoverv1.Scope_SCOPE_CODES) {
		tags = groups(tags)
	}
	return &handoverv1.Assessment{Tags: tags, Risk: a.Risk}
}

// move puts a handover into a state. Every state that waits has somebody who
// must act and an instant until when.
func move(h *handoverv1.Handover, state handoverv1.HandoverState, next handoverv1.NextActor, deadline *timestamppb.Timestamp) {
	h.State, h.NextActor, h.Deadline = state, next, deadline
}

// dismiss takes the receiver out of a conversation whose handover failed.
func dismiss(c *handoverv1.Conversation, h *handoverv1.Handover) {
	if h.ToLine != "" && h.ToLine != c.Custody.Line {
		retire(c, h.ToLine)
	}
}

func replacePart(parts []*handoverv1.PacketPart, part handoverv1.Scope, commitment []byte) []*handoverv1.PacketPart {
	for _, p := range parts {
		if p.Part == part {
			p.Commitment = commitment
			return parts
		}
	}
	return append(parts, &handoverv1.PacketPart{Part: part, Commitment: commitment})
}
