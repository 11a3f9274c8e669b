package invariant_test

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// sooner lets the first commit with an event of K's kind have been that much earlier.
func sooner[K any](d time.Duration) func(*story) {
	return func(s *story) {
		for _, a := range s.appends {
			for _, e := range a.Events {
				if _, ok := any(inside(e)).(K); ok {
					a.RecordTime = timestamppb.New(a.RecordTime.AsTime().Add(-d))
					return
				}
			}
		}
	}
}

// brokenTimes spoils how offers and deadlines go, in all that is not the usual way:
// I4, I5, I11 and I14.
var brokenTimes = []spoilt{
	{"the loser declines", race, func(s *story) {
		drop[*eventv1.OfferWithdrawn](s)
		s.tell("line/"+mind, &eventv1.OfferDeclined{Handover: 1, Offer: 2})
	}, "I4"},

	{"unreachable too soon", unreachable, sooner[*eventv1.OfferUnreachable](time.Second), "I5"},
	{"unreachable after it was delivered", unreachable, before[*eventv1.OfferUnreachable]("line/"+emergency,
		&eventv1.OfferDelivered{Handover: 1, Offer: 1}), "I5"},
	{"unreachable after somebody saw it", unreachable, before[*eventv1.OfferUnreachable]("line/"+emergency,
		&eventv1.OfferAlerting{Handover: 1, Offer: 1}), "I5"},
	{"no time for a machine to take it", unreachable, change(func(k *eventv1.OfferSent) { k.DeliveryDeadline = nil }), "I5"},
	{"alerted too soon", unreachable, sooner[*eventv1.OfferAlerted](time.Second), "I5"},
	{"alerted for the first time twice", unreachable, change(func(k *eventv1.OfferAlerted) { k.Alert = 1 }), "I5"},
	{"alerted though it is not to be", unreachable, change(func(k *eventv1.OfferAlerted) { k.AlertDeadline = nil }), "I5"},
	{"alerted after it ended", unreachable, change(func(k *eventv1.OfferAlerted) { k.Offer = 1 }), "I5 I18"},
	{"a planned line is withdrawn that has not closed", unreachable, change(func(k *eventv1.HandoverRouted) {
		k.Decision.Candidates[1].OpenUntil.Seconds += 2
	}), "I5"},
	{"a planned line is withdrawn that never closes", unreachable, change(func(k *eventv1.HandoverRouted) {
		k.Decision.Candidates[1].OpenUntil = nil
	}), "I5"},
	{"a withdrawn line is asked", unreachable, func(s *story) {
		i, _, _ := where[*eventv1.OfferWithdrawn](s)
		late := s.appends[i].RecordTime.AsTime()
		k := &eventv1.OfferSent{Handover: 1, Offer: 2, Line: mind, Deadline: timestamppb.New(late.Add(45 * time.Second)),
			DeliveryDeadline: timestamppb.New(late.Add(5 * time.Second))}
		after[*eventv1.OfferWithdrawn](platform, k)(s)
	}, "I5 I14 I18"},
	{"an offer ends after its handover", deferred, func(s *story) {
		drop[*eventv1.OfferWithdrawn](s)
		after[*eventv1.HandoverDeferred](platform, &eventv1.OfferWithdrawn{Handover: 1, Offer: 1})(s)
	}, "I5"},
	{"an offer outlives an abandoned handover", abandoned, drop[*eventv1.OfferWithdrawn], "I5"},
	{"an offer outlives a deferred handover", deferred, drop[*eventv1.OfferWithdrawn], "I5"},
	{"an offer outlives a signpost", signposted, drop[*eventv1.OfferWithdrawn], "I5"},
	{"an offer outlives an emergency", called, drop[*eventv1.OfferWithdrawn], "I5"},

	{"no time to remind", warm, change(func(k *eventv1.ConsentAsked) { k.RemindTime = nil }), "I5"},
	{"no budget after an override", overridden, change(func(k *eventv1.ConsentOverridden) { k.BudgetDeadline = nil }), "I5"},
	{"no time to begin", warm, change(func(k *eventv1.ReceiverJoined) { k.Deadline = nil }), "I5"},
	{"no end of the pause", abandoned, change(func(k *eventv1.HandoverPaused) { k.Deadline = nil }), "I5"},
	{"a pause that ended before it began", abandoned, change(func(k *eventv1.HandoverPaused) { k.Deadline.Seconds -= 900 }), "I5 I18"},
	{"no time after the pause", resumed, func(s *story) {
		drop[*eventv1.HandoverPaused](s)
		drop[*eventv1.HandoverResumed](s)
		change(func(k *eventv1.HandoverResumed) { k.Deadline = nil })(s)
	}, "I5"},
	{"no time after the pause that is left", resumed, func(s *story) {
		drop[*eventv1.HandoverPaused](s)
		drop[*eventv1.HandoverResumed](s)
		change(func(k *eventv1.HandoverResumed) { k.Deadline.Seconds -= 300 })(s)
	}, "I5 I18"},
	{"deferred to now", deferred, change(func(k *eventv1.HandoverDeferred) { k.Slot.StartTime.Seconds -= 7200 }), "I5 I18"},
	{"deferred to a time without an end", deferred, change(func(k *eventv1.HandoverDeferred) { k.Slot.EndTime = nil }), "I5"},
	{"deferred to no time", calledOff, change(func(k *eventv1.HandoverDeferred) { k.Slot = nil }), "I5"},
	{"no time to decide at the slot", deferred, change(func(k *eventv1.DeferralDue) { k.DecisionDeadline = nil }), "I5"},
	{"no time to decide", extended, change(func(k *eventv1.BudgetSpent) { k.DecisionDeadline = nil }), "I5"},
	{"no time to decide, on the return", spent, change(func(k *eventv1.HandoverReturned) { k.DecisionDeadline.Seconds -= 60 }), "I5 I18"},
	{"no new budget", extended, change(func(k *eventv1.SenderDecided) { k.BudgetDeadline = nil }), "I5"},
	{"no end of the longer overlap", extended, change(func(k *eventv1.OverlapExtended) { k.Deadline = nil }), "I5"},
	{"no time to confirm the cancelling", cancelled, change(func(k *eventv1.HandoverCancelled) { k.Deadline = nil }), "I5"},
	{"no time to confirm the cancelling, after an accept", unjoined(cancelling), change(func(k *eventv1.HandoverCancelled) {
		k.Deadline = nil
	}), "I5 VOICE"},
	{"no time to reach the child", called, change(func(k *eventv1.EmergencyCalled) { k.Deadline = nil }), "I5"},
	{"no more time to reach the child", called, change(func(k *eventv1.EmergencyOverdue) { k.Deadline = nil }), "I5"},
	{"no time until the next alert", alone, change(func(k *eventv1.CustodyAlerted) { k.Deadline = nil }), "I3 I5"},
	{"a ticket for ever", legs, change(func(k *eventv1.TicketIssued) { k.Deadline = nil }), "I5 TICKET"},
	{"no time to answer the leg", legs, change(func(k *eventv1.TicketClaimed) { k.Deadline = nil }), "I5"},

	{"a third change of hands without a supervisor", back, drop[*eventv1.HopApproved], "I11"},
	{"a supervisor who agreed to another", back, change(func(k *eventv1.HopApproved) { k.Handover = 2 }), "I11 ORDER VOICE"},
	{"a supervisor who is nobody", back, change(func(k *eventv1.HopApproved) { k.Supervisor = "" }), "I11"},
	{"a change of hands that is counted wrong", deferred, change(func(k *eventv1.HandoverProposed) { k.Hop = 2 }), "I11"},

	{"a line is asked out of turn", race, change(func(k *eventv1.HandoverRouted) {
		c := k.Decision.Candidates
		c[0], c[1] = c[1], c[0]
	}), "I14"},
	{"a line is asked when it closes", race, func(s *story) {
		i, _, _ := where[*eventv1.OfferSent](s)
		change(func(k *eventv1.HandoverRouted) { k.Decision.Candidates[0].OpenUntil = s.appends[i].RecordTime })(s)
	}, "I14"},
	{"a line is asked of nobody's plan", race, change(func(k *eventv1.HandoverRouted) {
		k.Decision.Candidates[1].Failed = []handoverv1.Verdict{handoverv1.Verdict_VERDICT_CLOSED}
	}), "I14"},
}
