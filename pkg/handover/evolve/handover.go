package evolve

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

func evolveHandover(c handover.Conversation, h handover.Handover, what event.OfHandover, at time.Time) {
	h.UpdateTime = timestamppb.New(at)
	switch what := what.(type) {
	case event.OfOffer:
		evolveOffer(c, h, what, at)
	case *eventv1.PacketSealed:
		h.PacketParts = replacePart(h.PacketParts, what.Part, what.Commitment)
		showFirst(h, what)
		if what.DraftDeadline != nil {
			h.Deadline = what.DraftDeadline
		}
	case *eventv1.AccessGranted:
		h.Grants = append(h.Grants, &statev1.Grant{Kind: what.Kind, Part: what.Part, Giver: what.Giver, Receiver: what.Receiver, Hash: what.Hash})
	case *eventv1.HandoverRouted:
		plan(h, what.Decision)
	case *eventv1.HopApproved:
		h.Supervisor = what.Supervisor
		move(h, h.State, handover.ActorSender, what.Deadline)
	case *eventv1.HandoverHastened:
		hastened(h, what)
	case *eventv1.ConsentAsked, *eventv1.ConsentReminded, *eventv1.ConsentGiven, *eventv1.ConsentOverridden,
		*eventv1.ConsentRefused, *eventv1.ConsentWithdrawn:
		evolveConsent(h, what, at)
		if h.State == handover.Routing {
			settleEarlier(c, h)
		}
	case *eventv1.BudgetSpent, *eventv1.SenderDecided, *eventv1.HandoverPaused, *eventv1.HandoverResumed:
		evolveWaiting(h, what)
	case *eventv1.ReceiverJoined, *eventv1.BriefingStarted, *eventv1.SenderLost, *eventv1.BridgeOpened, *eventv1.ReceiverConfirmed,
		*eventv1.ChildAgreed, *eventv1.AgreementAttested:
		evolveBridge(c, h, what, at)
	case *eventv1.CustodyTransferred, *eventv1.StayAsked, *eventv1.OverlapExtended, *eventv1.SenderLeft,
		*eventv1.OutcomeReported, *eventv1.OutcomeOverdue:
		evolveTransfer(c, h, what, at)
	default:
		evolveEnd(c, h, what, at)
	}
	waitForChild(h)
}

// evolveConsent applies what the child was asked and answered.
func evolveConsent(h handover.Handover, what event.OfHandover, at time.Time) {
	switch what := what.(type) {
	case *eventv1.ConsentAsked:
		h.Consent.Asked, h.Consent.AskedParts, h.RemindTime = what.Scopes, slices.Clone(what.Parts), what.RemindTime
		move(h, handover.ConsentAsked, handover.ActorChild, what.Deadline)
	case *eventv1.ConsentReminded:
		h.RemindTime = nil
	case *eventv1.ConsentGiven:
		h.Consent.Given, h.Consent.GivenParts, h.Consent.Origin = what.Scopes, what.Parts, what.Origin
		agreed(h, what.BudgetDeadline, what.Deadline)
	case *eventv1.ConsentOverridden:
		h.Consent.Given, h.Consent.GivenParts = what.Scopes, what.Parts
		h.Consent.Overridden, h.Consent.OverridePersons = what.Code, []string{what.Participant, what.SecondPerson}
		agreed(h, what.BudgetDeadline, what.Deadline)
	case *eventv1.ConsentRefused:
		h.Consent.Refused = true
	case *eventv1.ConsentWithdrawn:
		h.Consent.Withdrawn = true
	}
	if h.Stopped() {
		move(h, h.State, handover.ActorPlatform, timestamppb.New(at))
	}
}

// agreed moves a handover on to routing. An earlier absence of the child no longer
// matters: the child is here, or the line goes on without them.
func agreed(h handover.Handover, budget, deadline *timestamppb.Timestamp) {
	h.BudgetDeadline, h.Hastened = budget, h.Imminent()
	h.RemindTime, h.AwayDeadline = nil, nil
	move(h, handover.Routing, handover.ActorPlatform, deadline)
}

// hastened brings forward deadlines that are later than imminent risk allows.
func hastened(h handover.Handover, what *eventv1.HandoverHastened) {
	h.Hastened, h.BudgetDeadline = true, handover.Earlier(h.BudgetDeadline, what.BudgetDeadline)
	h.DecisionDeadline = handover.Earlier(h.DecisionDeadline, what.DecisionDeadline)
	for o := range h.Offers() {
		if o.Open() {
			o.Deadline, o.AlertDeadline = handover.Earlier(o.Deadline, what.OfferDeadline), nil
			o.DeliveryDeadline = handover.Earlier(o.DeliveryDeadline, o.Deadline)
		}
	}
	switch {
	case h.State == handover.Offered:
		awaitAnswers(h)
	case what.JoinDeadline != nil:
		h.Deadline = handover.Earlier(h.Deadline, what.JoinDeadline)
	}
}

// evolveWaiting applies what suspends and resumes a handover.
func evolveWaiting(h handover.Handover, what event.OfHandover) {
	switch what := what.(type) {
	case *eventv1.BudgetSpent:
		h.BudgetDeadline, h.DecisionDue, h.DecisionDeadline = nil, true, what.DecisionDeadline
	case *eventv1.SenderDecided:
		h.Decision, h.BudgetDeadline = what.Decision, what.BudgetDeadline
		clearDecision(h)
	case *eventv1.HandoverPaused:
		h.AwayDeadline = what.Deadline
	case *eventv1.HandoverResumed:
		h.AwayDeadline, h.BudgetDeadline = nil, what.BudgetDeadline
		move(h, h.State, nextActor(h), what.Deadline)
	}
}

// move puts a handover into a state. Every state that waits has somebody who
// must act and an instant until when.
func move(h handover.Handover, state handoverv1.HandoverState, next handoverv1.NextActor, deadline *timestamppb.Timestamp) {
	h.State, h.NextActor, h.Deadline = state, next, deadline
}

// nextActor returns who acts next in the handover's state while the child is there.
func nextActor(h handover.Handover) handoverv1.NextActor {
	switch {
	case h.State == handover.Proposed && h.Held():
		return handover.ActorSupervisor
	case h.State == handover.ConsentAsked, h.State == handover.Confirming && !h.ChildAgreed:
		return handover.ActorChild
	case h.State == handover.Routing, h.State == handover.Confirming, h.State == handover.Offered && h.OpenOffers() == 0:
		return handover.ActorPlatform
	case h.State == handover.Offered, h.State == handover.Bridged, h.SenderLost, h.State == handover.Accepted && h.ReceiverParticipant == "":
		return handover.ActorReceiver
	}
	return handover.ActorSender
}

// waitForChild makes the child the next actor where its handover waits for it.
func waitForChild(h handover.Handover) {
	if h.AwayDeadline != nil && h.WaitsForChild() && !h.Stopped() {
		h.NextActor, h.Deadline = handover.ActorChild, h.AwayDeadline
	}
}

// showFirst notes the first words of a part that was asked about before it was sealed: they are
// worded with the child. What replaces them must be shown to it.
func showFirst(h handover.Handover, what *eventv1.PacketSealed) {
	known := slices.ContainsFunc(h.Consent.AskedParts, func(p *handoverv1.PacketPart) bool { return p.Part == what.Part })
	if h.State == handover.ConsentAsked && !known {
		h.Consent.AskedParts = append(h.Consent.AskedParts, &handoverv1.PacketPart{Part: what.Part, Commitment: what.Commitment})
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
