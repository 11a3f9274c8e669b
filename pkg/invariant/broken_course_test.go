package invariant_test

import (
	"time"

	"google.golang.org/protobuf/proto"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// brokenCourse spoils what may follow what, tickets, and what the child was
// promised in all that is not the usual way: I6, I10, I13, TICKET and ORDER.
var brokenCourse = []spoilt{
	{"more is given than was asked", warm, change(func(k *eventv1.ConsentGiven) {
		k.Scopes = append(k.Scopes, handoverv1.Scope_SCOPE_SUMMARY)
	}), "I6"},
	{"more is opened than was given", warm, change(func(k *eventv1.PacketOpened) {
		k.Parts = append(k.Parts, handoverv1.Scope_SCOPE_SUMMARY)
	}), "I6"},
	{"more is opened than was overridden", overridden, change(func(k *eventv1.PacketOpened) {
		k.Parts = append(k.Parts, handoverv1.Scope_SCOPE_TRANSCRIPT)
	}), "I6"},
	{"opened after the consent was taken back with custody", warm, after[*eventv1.SenderLeft]("line/"+emergency,
		&eventv1.ConsentWithdrawn{Handover: 1}, &eventv1.PacketOpened{Handover: 1, Line: emergency}), "I6 VOICE"},

	{"a duty left to the other line", warm, change(func(k *eventv1.DutyRecorded) {
		k.Decision = handoverv1.DutyDecision_DUTY_DECISION_REPORTED_BY_OTHER_LINE
	}), "I10"},

	{"overridden after a refusal", calledAfterNo, func(s *story) {
		i, _, _ := where[*eventv1.EmergencyCalled](s)
		s.appends = s.appends[:i]
		s.now = s.appends[i-1].RecordTime.AsTime()
		s.tell("line/"+bullying, &eventv1.ConsentOverridden{Handover: 1, Participant: "kim", SecondPerson: "eli", Scopes: scopes(),
			Code: handoverv1.OverrideCode_OVERRIDE_CODE_DANGER_TO_LIFE, Deadline: s.in(2), BudgetDeadline: s.in(60)})
	}, "I13"},

	{"help called by a stranger", helped, change(func(k *eventv1.EmergencyCalled) { k.Line = mind }), "I17 VOICE"},
	{"help called by the child", helped, change(func(k *eventv1.EmergencyCalled) { k.Participant = "child" }), "I17 VOICE"},
	{"help called by nobody", helped, change(func(k *eventv1.EmergencyCalled) { k.Participant = "" }), "I17 VOICE"},
	{"help never called", helped, drop[*eventv1.EmergencyCalled], "I17"},
	{"help reviewed before its time", helped, func(s *story) {
		_, _, k := where[*eventv1.EmergencyOverdue](s)
		before[*eventv1.OfferTimedOut](platform, k)(s)
	}, "I17"},
	{"help never reviewed", helped, drop[*eventv1.EmergencyOverdue], "I17 I18"},
	{"closed before help came", helped, drop[*eventv1.EmergencyEnded], "I17"},
	{"ended by one person", helped, change(func(k *eventv1.EmergencyEnded) { k.SecondPerson = "kim" }), "I17 VOICE"},
	{"ended by the child", helped, change(func(k *eventv1.EmergencyEnded) { k.SecondPerson = "child" }), "I17 VOICE"},
	{"ended by another line", helped, change(func(k *eventv1.EmergencyEnded) { k.Line = mind }), "I17"},
	{"ended without a reason", helped, change(func(k *eventv1.EmergencyEnded) { k.Reason = 0 }), "I17"},
	{"a second call puts the review off", helped, before[*eventv1.EmergencyOverdue]("line/"+bullying,
		&eventv1.EmergencyCalled{Line: bullying, Participant: "kim", Deadline: begin().in(36000)}), "I17"},

	{"corrected by another line", warm, before[*eventv1.HandoverProposed]("line/"+mind, &eventv1.ConversationCorrected{
		Fields: []handoverv1.DescriptionField{handoverv1.DescriptionField_DESCRIPTION_FIELD_LANGUAGE}, Language: "ar"}), "VOICE"},
	{"ranked for another language", warm, change(func(k *eventv1.HandoverRouted) {
		k.Decision.Need = &handoverv1.RoutingNeed{Header: &handoverv1.PacketHeader{LanguageCode: "ar"}}
	}), "DESCRIPTION"},

	{"abandoned at once", abandoned, sooner[*eventv1.HandoverAbandoned](time.Minute), "ORDER"},
	{"abandoned without a pause", abandoned, drop[*eventv1.HandoverPaused], "I18 ORDER"},
	{"abandoned although the child is back", abandoned, before[*eventv1.HandoverAbandoned]("line/"+bullying,
		&eventv1.ParticipantJoined{Participant: "child", Line: bullying, Role: handoverv1.Role_ROLE_CHILD}), "ORDER"},
	{"paused although the child is there", abandoned, swap[*eventv1.HandoverPaused, *eventv1.ParticipantDisconnected], "ORDER"},
	{"paused twice", abandoned, func(s *story) {
		_, _, k := where[*eventv1.HandoverPaused](s)
		after[*eventv1.HandoverPaused](platform, k)(s)
	}, "ORDER"},
	{"resumed without a pause", resumed, drop[*eventv1.HandoverPaused], "ORDER"},
	{"a promise lost when its time has come", deferred, after[*eventv1.DeferralDue](platform, &eventv1.PromiseLost{
		Handover: 1, Reason: handoverv1.PassReason_PASS_REASON_CLOSED, DecisionDeadline: begin().in(3600 * 24 * 30)}), "ORDER"},
	{"due before its time", deferred, sooner[*eventv1.DeferralDue](time.Minute), "ORDER"},
	{"due twice", deferred, func(s *story) {
		_, _, k := where[*eventv1.DeferralDue](s)
		after[*eventv1.DeferralDue](platform, k)(s)
	}, "ORDER"},
	{"due though never deferred", spent, func(s *story) {
		s.tell(platform, &eventv1.DeferralDue{Handover: 1, DecisionDeadline: s.in(30)})
	}, "ORDER"},
	{"cancelled twice", calledOff, func(s *story) { s.tell("line/"+bullying, &eventv1.HandoverCancelled{Handover: 1}) }, "ORDER"},
	{"decided twice", spent, twice[*eventv1.SenderDecided], "ORDER"},
	{"decided though nothing was to be", nobody, func(s *story) {
		s.tell("line/"+bullying, &eventv1.SenderDecided{Handover: 1})
	}, "ORDER"},
	{"decided to go on though it has ended", spent, func(s *story) {
		_, _, k := where[*eventv1.SenderDecided](s)
		k.Decision, k.BudgetDeadline = handoverv1.SenderDecision_SENDER_DECISION_CONTINUE, s.in(180)
	}, "ORDER"},
	{"a cancelling confirmed twice", cancelled, twice[*eventv1.CancelConfirmed], "ORDER"},
	{"a cancelling confirmed by a stranger", cancelled, change(func(k *eventv1.CancelConfirmed) { k.Line = "elsewhere" }), "ORDER VOICE"},
	{"a cancelling confirmed before it was", cancelled, before[*eventv1.HandoverCancelled]("line/"+mind,
		&eventv1.CancelConfirmed{Handover: 1, Line: mind}), "ORDER"},
	{"help confirmed that was not called", nobody, func(s *story) {
		s.tell("line/"+bullying, &eventv1.EmergencyConfirmed{Handover: 1})
	}, "ORDER"},
	{"a handover goes on in an emergency", called, before[*eventv1.EmergencyConfirmed]("line/"+bullying,
		&eventv1.HandoverReturned{Handover: 1}), "ORDER"},
	{"another handover in an emergency", called, before[*eventv1.EmergencyConfirmed]("line/"+bullying,
		&eventv1.HandoverProposed{Handover: 2}), "ORDER"},
	{"closed before the promised time", calledOff, func(s *story) {
		drop[*eventv1.HandoverCancelled](s)
		s.closed(bullying, 1)
	}, "ORDER"},
	{"closed while custody is just moving", unclosed, func(s *story) {
		drop[*eventv1.SenderLeft](s)
		drop[*eventv1.OutcomeReported](s)
		s.closed(emergency, 2)
	}, "ORDER"},
	{"closed in an emergency", called, drop[*eventv1.EmergencyConfirmed], "ORDER"},
	{"an emergency after custody moved", warm, before[*eventv1.OutcomeReported]("line/"+bullying,
		&eventv1.EmergencyCalled{Handover: 1, Deadline: begin().in(3600)}), "ORDER VOICE"},
	{"a bridge after custody moved", warm, before[*eventv1.SenderLeft]("line/"+bullying,
		&eventv1.BridgeOpened{Handover: 1, Deadline: begin().in(3600)}), "ORDER VOICE"},
	{"a longer overlap before custody moved", extended, before[*eventv1.BudgetSpent](platform,
		&eventv1.OverlapExtended{Handover: 1, Deadline: begin().in(3600)}), "ORDER"},
	{"an outcome overdue before custody moved", race, func(s *story) {
		s.tell(platform, &eventv1.OutcomeOverdue{Handover: 1, Escalation: 1, Deadline: s.in(3600)})
	}, "ORDER"},
	{"it follows from one that came back", spent, func(s *story) {
		s.tell("line/"+bullying, &eventv1.HandoverProposed{Handover: 2, FromLine: bullying, Parent: 1})
	}, "ORDER"},
	{"it follows from itself", spent, func(s *story) {
		s.tell("line/"+bullying, &eventv1.HandoverProposed{Handover: 2, FromLine: bullying, Parent: 2})
	}, "ORDER"},

	{"a ticket that is not the next", legs, change(func(k *eventv1.TicketIssued) { k.Ticket = 2 }), "TICKET"},
	{"a ticket of another custody", legs, change(func(k *eventv1.TicketIssued) { k.Epoch = 2 }), "TICKET"},
	{"a ticket to a line where the child does not go", signposted, change(func(k *eventv1.TicketIssued) { k.ToLine = emergency }), "TICKET"},
	{"a ticket used twice", signposted, func(s *story) {
		_, _, k := where[*eventv1.TicketClaimed](s)
		after[*eventv1.TicketClaimed]("line/"+mind, k)(s)
	}, "TICKET"},
	{"a ticket used elsewhere", signposted, change(func(k *eventv1.TicketClaimed) { k.Line = emergency }), "TICKET VOICE"},
	{"a ticket that never was", legs, change(func(k *eventv1.TicketClaimed) { k.Ticket = 7 }), "TICKET"},
	{"an expired ticket", legs, change(func(k *eventv1.TicketIssued) { k.Deadline.Seconds -= 597 }), "TICKET"},
	{"a leg moves to another line", legs, change(func(k *eventv1.LegMoved) { k.Line = emergency }), "TICKET VOICE"},
	{"a leg moves to another channel", legs, change(func(k *eventv1.LegMoved) { k.Channel = handoverv1.Channel_CHANNEL_SMS }), "TICKET"},
	{"a leg moves without a ticket", legs, drop[*eventv1.TicketClaimed], "TICKET"},
	{"a leg moves that was given up", legs, change(func(k *eventv1.LegMoved) { k.Ticket = 1 }), "TICKET"},
	{"a leg moves twice", legs, twice[*eventv1.LegMoved], "TICKET"},
	{"a leg is answered too late", legs, func(s *story) {
		s.wait(time.Minute)
		i, _, _ := where[*eventv1.LegMoved](s)
		s.appends[i].RecordTime = s.in(0)
	}, "I18 TICKET"},
	{"a leg is given up too soon", legs, sooner[*eventv1.LegUnanswered](time.Second), "TICKET"},
	{"a leg is given up twice", legs, twice[*eventv1.LegUnanswered], "TICKET"},
}

// twice has the first commit with an event of K's kind a second time.
func twice[K proto.Message](s *story) {
	i, _, _ := where[K](s)
	again := proto.CloneOf(s.appends[i])
	s.appends = append(s.appends[:i+1], append([]*eventv1.Commit{again}, s.appends[i+1:]...)...)
}
