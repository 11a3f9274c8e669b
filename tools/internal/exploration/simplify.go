package exploration

import (
	"cmp"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/handover"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	statev1 "github.com/stafett/stafett/proto/stafett/state/v1"
)

// simplify removes from a state whatever cannot affect what comes next, and moves every
// instant closer by the time that has passed.
func simplify(s *handover.State, passed time.Duration) {
	s.HeadPosition, s.HeadHash, s.Commits = 1, nil, 1
	s.Parties = parties(s.Parties)
	c := s.Conversation
	c.CreateTime, c.CloseTime, c.CloseReason = nil, happened(c.CloseTime), 0
	c.SupervisorCalls, c.MessageCount, c.DutyRecords = nil, 0, nil
	c.ConsentPosition, c.UsedSignatures = 0, nil
	c.Custody.Alerts = min(c.Custody.Alerts, rules().Alerts+1)
	nearer(passed, c.Custody.AlertDeadline)
	if c.Disappearance != nil { // what repeats until the line has decided is left out
		c.Disappearance.Deadline, c.Disappearance.Decision = nil, handoverv1.DisappearanceDecision_DISAPPEARANCE_DECISION_STAY_READY
	}
	simplifyPeople(c, passed)
	for _, h := range c.Handovers {
		simplifyHandover(h, passed)
	}
	simplifyLost(c)
}

// happened records that an instant is set, and drops its value.
func happened(at *timestamppb.Timestamp) *timestamppb.Timestamp {
	if at == nil {
		return nil
	}
	return timestamppb.New(now)
}

// nearer moves instants in place. No other state may share them.
func nearer(passed time.Duration, instants ...*timestamppb.Timestamp) {
	for _, at := range instants {
		if at != nil && passed != 0 {
			moved := timestamppb.New(at.AsTime().Add(-passed))
			at.Seconds, at.Nanos = moved.Seconds, moved.Nanos
		}
	}
}

// simplifyPeople drops the participants of lines that no longer have anything to do with
// the conversation, and whether somebody left or disconnected where that makes no
// difference.
func simplifyPeople(c *statev1.Conversation, passed time.Duration) {
	h := handover.Of(c).Current()
	c.Participants = slices.DeleteFunc(c.Participants, func(p *statev1.Participant) bool {
		with := p.Line == c.Custody.Line || p.Line == h.GetFromLine() || p.Line == h.GetToLine()
		return !p.Present && !with && p.Role == handoverv1.Role_ROLE_COUNSELLOR
	})
	for _, p := range c.Participants {
		p.Left = p.Left && underWay(h.Handover) && p.Line == h.ToLine
		since(p, passed, missed(h, p.Line))
	}
	slices.SortFunc(c.Participants, func(a, b *statev1.Participant) int { return cmp.Compare(a.Line+a.Id, b.Line+b.Id) })
}

// since matters only for a child who is away, for a line that the other waits for, and only up to a limit; longer
// absences are equivalent.
func since(p *statev1.Participant, passed time.Duration, missed bool) {
	limit := rules().Away
	switch {
	case p.Present || p.Role != handoverv1.Role_ROLE_CHILD && !missed:
		p.Since = nil
		return
	case missed && p.Role != handoverv1.Role_ROLE_CHILD:
		limit = rules().Lost
	}
	nearer(passed, p.Since)
	if longest := now.Add(-limit); p.Since.AsTime().Before(longest) {
		p.Since = timestamppb.New(longest)
	}
}

// parties keeps which lines may see the conversation now, and which could before.
func parties(all []*statev1.Party) []*statev1.Party {
	var kept []*statev1.Party
	for _, p := range all {
		p.FromPosition, p.WordsFromPosition = 1, min(p.WordsFromPosition, 1)
		p.UntilPosition = min(p.UntilPosition, 1)
		again := func(k *statev1.Party) bool { return k.Line == p.Line && k.UntilPosition == p.UntilPosition }
		if !slices.ContainsFunc(kept, again) {
			kept = append(kept, p)
		}
	}
	slices.SortFunc(kept, func(a, b *statev1.Party) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.UntilPosition, b.UntilPosition))
	})
	return kept
}

// simplifyHandover reduces a handover that is no longer looking for a line to what it
// still waits for and which lines it asked.
func simplifyHandover(h *statev1.Handover, passed time.Duration) {
	h.Name, h.CreateTime, h.UpdateTime, h.Hop, h.Supervisor = "", nil, nil, 0, short(h.Supervisor)
	h.ReturnReason, h.ReverseReason, h.CancelReason, h.DeferReason, h.SignpostReason, h.AbandonedStage, h.Outcome = 0, 0, 0, 0, 0, 0, 0
	h.Slot, h.SignpostLine, h.Parent, h.AcceptTime, h.BridgeTime = nil, "", 0, happened(h.AcceptTime), nil
	if h.Consent != nil {
		h.Consent.OverridePersons = nil
	}
	if h.State >= handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED {
		h.AcceptTime, h.Hastened = nil, false
		h.Header, h.Supervisor, h.SupervisorNeeded = nil, "", false
		h.ReceiverConfirmed, h.ChildAgreed, h.Attested, h.Decision = false, false, 0, 0
		h.BridgeWords, h.BridgeException = nil, 0
	}
	if h.State == handoverv1.HandoverState_HANDOVER_STATE_AWAITING_OUTCOME {
		h.ReceiverParticipant = ""
	}
	if handover.Ended(h.State) {
		h.Consent, h.Routing, h.ReceiverParticipant, h.OutcomeEscalation = nil, nil, "", 0
	}
	nearer(passed, h.Deadline, h.BudgetDeadline, h.RemindTime, h.AwayDeadline, h.DecisionDeadline)
	for _, o := range h.Offers {
		simplifyOffer(h, o, passed)
	}
}

func short(text string) string { return text[:min(len(text), 1)] }

// simplifyOffer reduces an offer that has ended to the fact that it was made, and an
// accepted one to the fact that it was accepted, for as long as the handover can be called
// off.
func simplifyOffer(h *statev1.Handover, o *statev1.Offer, passed time.Duration) {
	o.Name, o.CreateTime, o.DeclineCode = "", happened(o.CreateTime), 0
	if !handover.OfferOpen(o.State) {
		o.Deadline, o.DeliveryDeadline, o.AlertDeadline, o.Alerts = nil, nil, nil, 0
		accepted := o.State == handoverv1.OfferState_OFFER_STATE_ACCEPTED && underWay(h)
		if o.CreateTime != nil && !accepted {
			o.State = handoverv1.OfferState_OFFER_STATE_WITHDRAWN
		}
		return
	}
	if o.State != handoverv1.OfferState_OFFER_STATE_SENT {
		o.DeliveryDeadline = nil
	}
	nearer(passed, o.Deadline, o.DeliveryDeadline, o.AlertDeadline)
}

func underWay(h *statev1.Handover) bool {
	return h.GetState() >= handoverv1.HandoverState_HANDOVER_STATE_PROPOSED && h.State < handoverv1.HandoverState_HANDOVER_STATE_TRANSFERRED
}
