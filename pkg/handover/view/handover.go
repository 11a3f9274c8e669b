package view

import (
	"slices"
	"strings"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	routingv1 "github.com/stafett/stafett/proto/stafett/routing/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// Handover builds a line's view of a handover that it gave or took. Only the sender
// sees which other lines were asked, what they answered and what the sender decided for
// itself. The sender sees the outcome only as far as the child allowed.
func Handover(h handover.Handover, line string) *routingv1.Handover {
	v := bothSides(h)
	v.Parent, v.Consultation = numberedName(h.Conversation().GetName(), h.Parent), Followed(h)
	addEnds(v, h)
	if h.FromLine == line {
		addSenders(v, h)
	} else {
		addReceivers(v, h, line)
	}
	return v
}

// bothSides builds what sender and receiver both see.
func bothSides(h handover.Handover) *routingv1.Handover {
	return &routingv1.Handover{
		Name: h.Name, State: h.State, NextActor: h.NextActor, Deadline: h.Deadline,
		FromLine: name(h.FromLine), ToLine: name(h.ToLine), Header: h.Header, Consent: consent(h.Consent),
		ReceiverParticipant: h.ReceiverParticipant, ReceiverConfirmed: h.ReceiverConfirmed,
		ChildAgreed: h.ChildAgreed, Attested: h.Attested,
		CreateTime: h.CreateTime, UpdateTime: h.UpdateTime, BudgetDeadline: h.BudgetDeadline,
		OutcomeEscalation: h.OutcomeEscalation, Hop: h.Hop, RemindTime: h.RemindTime, AwayDeadline: h.AwayDeadline,
		BridgeException: h.BridgeException, BridgeWords: bridgeWords(h.BridgeWords), Hastened: h.Hastened,
		SenderLost: h.SenderLost, BridgeTime: h.BridgeTime,
		DoorClosed: h.DoorClosed, StayAsked: h.StayAsked, ReverseReason: h.ReverseReason, Epoch: h.Epoch,
	}
}

// relayed builds what a line sees that only carries the child's leg, once the receiver has accepted: whose keys it
// may take, under which terms, and when it uses them.
func relayed(h handover.Handover) *routingv1.Handover {
	o := h.AcceptedOffer()
	return &routingv1.Handover{
		Name: h.Name, State: h.State, FromLine: name(h.FromLine), ToLine: name(h.ToLine), SenderLost: h.SenderLost, Epoch: h.Epoch,
		Consent: &routingv1.Consent{Position: h.Consent.GetPosition()}, Offers: []*routingv1.Offer{{Name: o.Name, Line: name(o.Line), State: o.State}},
	}
}

// addEnds adds how a handover ended, for both sides.
func addEnds(v *routingv1.Handover, h handover.Handover) {
	v.ReturnReason, v.CancelReason, v.AbandonedStage = h.ReturnReason, h.CancelReason, h.AbandonedStage
	v.Slot, v.DeferReason = slot(h.Slot), h.DeferReason
	v.SignpostLine, v.SignpostReason, v.SignpostArrived = name(h.SignpostLine), h.SignpostReason, h.SignpostArrived
	v.EmergencyService, v.OutcomeLate = h.EmergencyService, h.OutcomeLate
}

// addSenders adds what only the sender sees.
func addSenders(v *routingv1.Handover, h handover.Handover) {
	v.Candidates, v.Routing, v.PacketParts = names(h.Candidates), Decision(h.Routing), h.PacketParts
	v.Trial = Decision(h.Trial)
	v.Consent.OverridePersons, v.Consent.GivenParts = h.Consent.GetOverridePersons(), h.Consent.GetGivenParts()
	v.SupervisorNeeded, v.Supervisor, v.Deadlines = h.SupervisorNeeded, h.Supervisor, h.Deadlines
	v.DecisionDue, v.DecisionDeadline, v.Decision = h.DecisionDue, h.DecisionDeadline, h.Decision
	v.CancelUnconfirmedLines, v.Outcome = names(h.CancelUnconfirmed), outcome(h)
	for o := range h.Offers() {
		v.Offers = append(v.Offers, Offer(o))
	}
}

// addReceivers adds what a line other than the sender sees: its own offers, the packet as far as
// consent covers it, and what it reported itself.
func addReceivers(v *routingv1.Handover, h handover.Handover, line string) {
	v.PacketParts, v.Outcome = h.OpenParts(), h.Outcome
	for o := range h.Offers() {
		if o.Line == line && o.Sent() {
			v.Offers = append(v.Offers, Offer(o))
		}
	}
}

// outcome returns what the sender learns: nothing, unless the child allowed feedback.
func outcome(h handover.Handover) handoverv1.Outcome {
	scopes := h.Scopes()
	if slices.Contains(scopes, handoverv1.Scope_SCOPE_FEEDBACK_TECHNICAL) || slices.Contains(scopes, handoverv1.Scope_SCOPE_FEEDBACK_OUTCOME) {
		return h.Outcome
	}
	return handoverv1.Outcome_OUTCOME_UNSPECIFIED
}

// Offer builds an offer as the sender and the asked line see it.
func Offer(o handover.Offer) *routingv1.Offer {
	of, _, _ := strings.Cut(o.Name, "/offers/")
	conversation, _, _ := strings.Cut(of, "/handovers/")
	return &routingv1.Offer{
		Name: o.Name, Conversation: conversation, Handover: of, Line: name(o.Line), State: o.State,
		Deadline: o.Deadline, DeclineCode: o.DeclineCode, CreateTime: o.CreateTime, DeliveryDeadline: o.DeliveryDeadline,
		Alerts: o.Alerts, AlertDeadline: o.AlertDeadline, Lease: o.Lease, Unit: o.Unit, PassReason: o.PassReason,
	}
}

func consent(c *statev1.Consent) *routingv1.Consent {
	return &routingv1.Consent{
		Asked: c.GetAsked(), Given: c.GetGiven(), Refused: c.GetRefused(), Withdrawn: c.GetWithdrawn(), Overridden: c.GetOverridden(),
		Position: c.GetPosition(), Origin: c.GetOrigin(),
	}
}

func bridgeWords(w *statev1.BridgeWords) *routingv1.BridgeWords {
	if w == nil {
		return nil
	}
	return &routingv1.BridgeWords{Sender: w.Sender, Receiver: w.Receiver, Child: w.Child}
}

func slot(s *handoverv1.Slot) *routingv1.Slot {
	if s == nil {
		return nil
	}
	return &routingv1.Slot{Line: name(s.Line), StartTime: s.StartTime, EndTime: s.EndTime}
}
