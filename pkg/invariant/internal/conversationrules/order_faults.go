package conversationrules

import (
	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/event"
	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// lacks says what an event would have to come after, or nothing.
func (o *order) lacks(s facts.Step, c *course) string {
	switch k := s.Kind.(type) {
	case *eventv1.OfferSent:
		return unless(c.consented, "to which the child had not said yes")
	case *eventv1.OutcomeReported, *eventv1.OutcomeOverdue, *eventv1.OverlapExtended, *eventv1.StayAsked:
		return unless(c.moved, "of which custody had not moved")
	case *eventv1.EmergencyOverdue, *eventv1.EmergencyConfirmed:
		return unless(c.called, "in which no emergency service was called")
	case *eventv1.SenderLost:
		return unless(o.Unled() != nil, "in which somebody of the sender was there, or the receiver or the child was not")
	case *eventv1.HandoverPaused:
		return unless(c.away.IsZero() && !o.ChildThere(), "in which the child was there, or known to be away")
	case *eventv1.HandoverResumed:
		return unless(!c.away.IsZero(), "which did not wait for the child")
	case *eventv1.HandoverAbandoned:
		waited := !c.away.IsZero() && !s.Time.Before(c.away)
		return unless(waited && !o.ChildThere(), "in which the child was there, or could still come back")
	case *eventv1.CancelConfirmed:
		return unless(c.asked[k.GetLine()], "of which the line was not asked, or had confirmed it")
	case *eventv1.DeferralDue:
		return unless(!c.slot.IsZero() && !s.Time.Before(c.slot), "of which the time had not come")
	case *eventv1.PromiseLost:
		return unless(!c.slot.IsZero() && s.Time.Before(c.slot) && !c.due, "of which no promise was to be kept")
	case *eventv1.SenderDecided:
		return c.decides(k)
	}
	return ""
}

func unless(holds bool, fault string) string {
	if holds {
		return ""
	}
	return fault
}

// over says why an event comes too late, or nothing.
func (c *course) over(kind proto.Message) string {
	switch {
	case c.end != nil && !mayFollow(c.end, kind):
		return "which had ended"
	case c.end == nil && needsEnd(kind):
		return "which had not ended so"
	case c.end == nil && c.called && !harmless(kind) && !inEmergency(kind):
		return "in which an emergency service was called"
	case c.moved && !harmless(kind) && !afterwards(kind):
		return "of which custody had moved"
	}
	return ""
}

// harmless events may come at any time: words, what ends an offer, what the child
// takes back, and the packet, of which I6 says who may open it when.
func harmless(kind proto.Message) bool {
	switch k := kind.(type) {
	case *eventv1.MessageSent, *eventv1.SupervisorTold, *eventv1.PacketOpened, *eventv1.AccessGranted,
		*eventv1.ConsentRefused, *eventv1.ConsentWithdrawn:
		return true
	case event.OfOffer:
		_, sent := k.(*eventv1.OfferSent)
		return !sent
	}
	return false
}

// afterwards tells whether an event belongs after the change of hands.
func afterwards(kind proto.Message) bool {
	switch kind.(type) {
	case *eventv1.OverlapExtended, *eventv1.StayAsked, *eventv1.SenderLeft, *eventv1.OutcomeReported, *eventv1.OutcomeOverdue:
		return true
	}
	return isReversal(kind)
}

func inEmergency(kind proto.Message) bool {
	switch kind.(type) {
	case *eventv1.EmergencyOverdue, *eventv1.EmergencyConfirmed:
		return true
	}
	return false
}

// needsEnd tells whether an event can only follow an end.
func needsEnd(kind proto.Message) bool {
	switch kind.(type) {
	case *eventv1.CancelConfirmed, *eventv1.DeferralDue, *eventv1.PromiseLost, *eventv1.TicketIssued, *eventv1.TicketClaimed:
		return true
	}
	return false
}

// mayFollow tells whether an event may come after an end.
func mayFollow(end, kind proto.Message) bool {
	ok := harmless(kind)
	switch k := kind.(type) {
	case *eventv1.OutcomeReported:
		before, closed := end.(*eventv1.OutcomeReported)
		ok = closed && k.GetLate() && !before.GetLate() && before.GetOutcome() == handoverv1.Outcome_OUTCOME_MISSING
	case *eventv1.SenderDecided, *eventv1.HandoverHastened:
		_, ok = end.(*eventv1.HandoverReturned)
		_, deferred := end.(*eventv1.HandoverDeferred)
		ok = ok || deferred
	case *eventv1.CancelConfirmed:
		_, ok = end.(*eventv1.HandoverCancelled)
	case *eventv1.DeferralDue, *eventv1.PromiseLost, *eventv1.HandoverCancelled:
		_, ok = end.(*eventv1.HandoverDeferred)
	case *eventv1.TicketIssued, *eventv1.TicketClaimed:
		_, ok = end.(*eventv1.HandoverSignposted)
	}
	return ok
}
