package evolve

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/handover"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// plan records the lines to ask, in order.
func plan(h handover.Handover, decision *handoverv1.RoutingDecision) {
	h.Routing = decision
	for _, candidate := range decision.GetCandidates() {
		if len(candidate.Failed) == 0 {
			name := handover.OfferName(h.Name, uint32(len(h.GetOffers())+1))
			h.Handover.Offers = append(h.Handover.Offers, &statev1.Offer{Name: name, Line: candidate.Line, State: handover.OfferPlanned})
		}
	}
	if h.OpenOffers() > 0 { // only in a foreign history
		move(h, handover.Offered, handover.ActorReceiver, nil)
	}
	awaitAnswers(h)
}

// awaitAnswers sets who acts next, until when, while lines are asked: those lines, or the platform
// until the next planned line may be asked.
func awaitAnswers(h handover.Handover) {
	next, planned := h.NextAsk()
	switch waits := planned && !next.IsZero(); {
	case h.OpenOffers() > 0:
		h.Deadline = h.LastDeadline()
	case waits:
		move(h, handover.Offered, handover.ActorPlatform, timestamppb.New(next))
	case h.State == handover.Offered:
		h.Deadline = nil
	}
}

func evolveOffer(c handover.Conversation, h handover.Handover, what event.OfOffer, at time.Time) {
	o := h.Offer(what.GetOffer())
	if !o.Exists() {
		return
	}
	switch what := what.(type) {
	case *eventv1.OfferSent:
		o.State, o.Deadline, o.CreateTime, o.Lease = handover.OfferSent, what.Deadline, timestamppb.New(at), true
		o.Unit, o.DeliveryDeadline, o.Alerts, o.AlertDeadline = what.Unit, what.DeliveryDeadline, 1, what.AlertDeadline
		move(h, handover.Offered, handover.ActorReceiver, nil)
	case *eventv1.OfferDelivered:
		o.State = handover.OfferDelivered
	case *eventv1.OfferAlerting:
		o.State = handover.OfferAlerting
	case *eventv1.OfferAlerted:
		o.Alerts, o.AlertDeadline = what.Alert, what.AlertDeadline
	case *eventv1.OfferAccepted:
		o.State = handover.OfferAccepted
		h.ToLine, h.AcceptTime = what.Line, timestamppb.New(at)
		unplan(h)
		move(h, handover.Accepted, handover.ActorReceiver, what.Deadline)
	case *eventv1.OfferGivenBack:
		o.State, o.DeclineCode, o.Lease, o.AnswerRisk = handover.OfferDeclined, what.Code, false, c.Assessment.GetRisk()
		givenBack(c, h, what, at)
	default:
		evolveUnwilling(c, o, what)
	}
	if h.State == handover.Routing || h.State == handover.Offered {
		awaitAnswers(h)
	}
	if withdrawn, ok := what.(*eventv1.OfferWithdrawn); ok && withdrawn.Reason == handoverv1.PassReason_PASS_REASON_PREEMPTED {
		preempted(h, o, withdrawn, at)
	}
}

// evolveUnwilling applies an end of an offer other than an accept. It frees the seat.
func evolveUnwilling(c handover.Conversation, o handover.Offer, what event.OfOffer) {
	o.Lease = false
	if _, withdrawn := what.(*eventv1.OfferWithdrawn); !withdrawn {
		o.AnswerRisk = c.Assessment.GetRisk()
	}
	switch what := what.(type) {
	case *eventv1.OfferDeclined:
		o.State, o.DeclineCode = handover.OfferDeclined, what.Code
	case *eventv1.OfferTimedOut:
		o.State = handover.OfferTimedOut
	case *eventv1.OfferUnreachable:
		o.State = handover.OfferUnreachable
	case *eventv1.OfferWithdrawn:
		o.State, o.PassReason = handover.OfferWithdrawn, what.Reason
	}
}

// preempted gives back the time that a handover lost with a seat, and plans to ask that line again. The platform asks
// the next line at once, if there is one.
func preempted(h handover.Handover, o handover.Offer, what *eventv1.OfferWithdrawn, at time.Time) {
	if what.BudgetDeadline != nil {
		h.BudgetDeadline = what.BudgetDeadline
	}
	name := handover.OfferName(h.Name, uint32(len(h.GetOffers())+1))
	h.Handover.Offers = append(h.Handover.Offers, &statev1.Offer{Name: name, Line: o.Line, State: handover.OfferPlanned})
	if h.OpenOffers() > 0 {
		return
	}
	move(h, handover.Offered, handover.ActorPlatform, timestamppb.New(at))
	if next, _ := h.NextAsk(); next.After(at) {
		h.Deadline = timestamppb.New(next)
	}
}

// givenBack takes the receiver out and plans again for the lines that were never asked.
func givenBack(c handover.Conversation, h handover.Handover, what *eventv1.OfferGivenBack, at time.Time) {
	line := h.ToLine
	h.ToLine, h.ReceiverParticipant, h.AcceptTime = "", "", nil
	h.BridgeException, h.BridgeWords, h.BudgetDeadline = 0, nil, what.BudgetDeadline
	h.SenderLost, h.BridgeTime = false, nil
	clearDecision(h)
	for o := range h.Offers() {
		if o.State == handover.OfferWithdrawn && !o.Sent() && o.PassReason == 0 {
			o.State = handover.OfferPlanned
		}
	}
	move(h, handover.Offered, handover.ActorPlatform, nil)
	refreshHeader(c)
	dismissCounsellors(c, line, at)
}

// unplan ends planned offers that were never sent. No line knew of them, so they need
// no event.
func unplan(h handover.Handover) {
	for o := range h.Offers() {
		if o.State == handover.OfferPlanned {
			o.State = handover.OfferWithdrawn
		}
	}
}
