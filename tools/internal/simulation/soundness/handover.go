package soundness

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	"github.com/stafett/stafett/pkg/handover/deadline"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// offers: once the offer or its handover has ended, no offer is open and no seat is held.
// While lines are being asked, at least one offer is open; it holds a seat, and does not
// outlive the budget while the child is there.
func (s *state) offers(h *statev1.Handover) {
	open, looking := 0, h.State == handoverv1.HandoverState_HANDOVER_STATE_OFFERED
	for _, o := range h.Offers {
		if handover.OfferOpen(o.State) {
			open++
		}
		expected := o.State == handoverv1.OfferState_OFFER_STATE_ACCEPTED &&
			h.State == handoverv1.HandoverState_HANDOVER_STATE_ACCEPTED && h.ReceiverParticipant == ""
		if o.Lease != (handover.OfferOpen(o.State) || expected) {
			s.breach("I4", "%s is %s in %s; it holds a seat: %t", o.Name, o.State, h.State, o.Lease)
		}
		if handover.OfferOpen(o.State) && (!looking || o.Deadline == nil) {
			s.breach("I4", "%s is open in %s, until %v", o.Name, h.State, o.Deadline)
		}
		if handover.OfferOpen(o.State) && outlives(o.Deadline, h) {
			s.breach("I4", "%s ends after the budget", o.Name)
		}
		if o.State == handoverv1.OfferState_OFFER_STATE_PLANNED && !looking {
			s.breach("I4", "%s is still planned in %s", o.Name, h.State)
		}
	}
	if looking && open == 0 && (h.NextActor != handoverv1.NextActor_NEXT_ACTOR_PLATFORM || h.Deadline == nil) {
		s.breach("I4", "%s is OFFERED and no line is being asked", h.Name)
	}
}

// outlives reports whether a deadline is later than the budget of a handover that does not
// wait for the child.
func outlives(deadline *timestamppb.Timestamp, h *statev1.Handover) bool {
	return h.BudgetDeadline != nil && h.AwayDeadline == nil && deadline.AsTime().After(h.BudgetDeadline.AsTime())
}

// goesOn: every unfinished handover has somebody who must act next and a deadline at which
// the platform checks. Only the newest can be unfinished.
func (s *state) goesOn(h *statev1.Handover, newest bool) {
	if handover.Ended(h.State) {
		return
	}
	moved := h.State == handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED || h.State == handoverv1.HandoverState_HANDOVER_STATE_AWAITING_OUTCOME
	if !newest && !moved {
		s.breach("I5", "%s is %s and another follows", h.Name, h.State)
	}
	if h.NextActor == handoverv1.NextActor_NEXT_ACTOR_UNSPECIFIED {
		s.breach("I5", "%s is %s and nobody acts next", h.Name, h.State)
	}
	if s.CloseTime != nil && h.State != handoverv1.HandoverState_HANDOVER_STATE_AWAITING_OUTCOME {
		s.breach("I5", "%s is %s and the conversation has closed", h.Name, h.State)
	}
	switch {
	case h.Deadline == nil && !s.waiting:
		s.breach("I5", "%s is %s and waits for nothing", h.Name, h.State)
	case h.Deadline != nil && !s.watched(h.Deadline):
		s.breach("I5", "%s is %s until %s, and nothing is due by then", h.Name, h.State, h.Deadline.AsTime())
	}
}

// approved: a handover over the hop limit asks a line only with a supervisor's approval, or an
// emergency line.
func (s *state) approved(h handover.Handover) {
	if !h.SupervisorNeeded || h.Supervisor != "" {
		return
	}
	for o := range h.Offers() {
		if o.CreateTime != nil && !h.Candidate(o.Line).GetEmergency() {
			s.breach("I11", "%s asks %s, and no supervisor has approved it", h.Name, o.Line)
		}
	}
}

// accompanied: if all counsellors of a receiver that came leave on purpose before custody
// moves, the receiver is given up at once.
func (s *state) accompanied(h *statev1.Handover) {
	coming := h.State >= handoverv1.HandoverState_HANDOVER_STATE_ACCEPTED && h.State < handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED
	if !coming || h.ReceiverParticipant == "" {
		return
	}
	for _, p := range s.Participants {
		if p.Line == h.ToLine && p.Role == handoverv1.Role_ROLE_COUNSELLOR && !p.Left {
			return
		}
	}
	if !s.waiting || s.due.After(deadline.AtOnce) {
		s.breach("I5", "the receiver of %s has left, and nothing is due at once", h.Name)
	}
}

// watched reports whether the platform checks the conversation by the given deadline.
func (s *state) watched(deadline *timestamppb.Timestamp) bool {
	return s.waiting && !s.due.After(deadline.AsTime())
}

// awaited: no pending deadline is forgotten.
func (s *state) awaited() {
	s.watch("a leg", s.PendingLeg.GetDeadline())
	s.watch("the review of an emergency", s.Emergency.GetReviewDeadline())
	for _, h := range s.Handovers {
		over := s.CloseTime != nil && h.State != handoverv1.HandoverState_HANDOVER_STATE_AWAITING_OUTCOME
		if over {
			continue
		}
		s.watch("a decision", h.DecisionDeadline)
		for _, o := range h.Offers {
			if handover.OfferOpen(o.State) {
				s.watch("an offer", o.Deadline)
				s.watch("an alert", o.AlertDeadline)
			}
			if o.State == handoverv1.OfferState_OFFER_STATE_SENT {
				s.watch("a delivery", o.DeliveryDeadline)
			}
		}
	}
}

func (s *state) watch(what string, deadline *timestamppb.Timestamp) {
	if deadline != nil && !s.watched(deadline) {
		s.breach("I5", "%s is awaited until %s, and nothing is due by then", what, deadline.AsTime())
	}
}
