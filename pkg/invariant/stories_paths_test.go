package invariant_test

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Sound histories that take less usual ways to the change of hands, or none.

// overridden: two persons go on without the child, who is lost, then says no, and
// cannot be reached. The packet is opened nevertheless.
func overridden() *story {
	s := begin().opened().tell("line/"+bullying, &eventv1.HandoverProposed{Handover: 1, FromLine: bullying})
	s.tell("line/"+bullying, &eventv1.ConsentOverridden{Handover: 1, Participant: "kim", SecondPerson: "eli", Scopes: scopes(),
		Code: handoverv1.OverrideCode_OVERRIDE_CODE_DANGER_TO_LIFE, Deadline: s.in(2), BudgetDeadline: s.in(60)})
	s.ranked(1, emergency).offered(1, 1, emergency).tell("line/"+bullying, &eventv1.ConsentWithdrawn{Handover: 1})
	return s.joined(1, 1, emergency, "ola").withoutChild("kim", "ola")
}

// withoutChild: the child is lost, the bridge opens without it, custody moves.
func (s *story) withoutChild(sender, receiver string) *story {
	s.lost(bullying, "child").tell("line/"+bullying, &eventv1.BridgeOpened{Handover: 1, SenderParticipant: sender,
		ReceiverParticipant: receiver, ChildParticipant: "child", Deadline: s.in(120),
		Exception: handoverv1.BridgeException_BRIDGE_EXCEPTION_CHILD_UNREACHABLE})
	s.tell("line/"+emergency, &eventv1.ReceiverConfirmed{Handover: 1, Participant: receiver, Deadline: s.in(90)})
	return s.tell("line/"+bullying,
		&eventv1.AgreementAttested{Handover: 1, Reason: handoverv1.AttestReason_ATTEST_REASON_CHILD_UNREACHABLE},
		&eventv1.CustodyTransferred{Handover: 1, FromLine: bullying, ToLine: emergency, FromEpoch: 1, ToEpoch: 2, Deadline: s.in(60)},
	).concluded(1, bullying, emergency)
}

// corrected: the child lives elsewhere than the form said, and lines are ranked for that.
func corrected() *story {
	s := begin().opened().tell("line/"+bullying, &eventv1.ConversationCorrected{
		Fields: []handoverv1.DescriptionField{handoverv1.DescriptionField_DESCRIPTION_FIELD_AREA}, Area: "NO-18",
	})
	s.asked(1, bullying).routed(1, bullying, emergency)
	_, _, opened := where[*eventv1.ConversationOpened](s)
	_, _, k := where[*eventv1.HandoverRouted](s)
	k.Decision.Need = &handoverv1.RoutingNeed{Header: &handoverv1.PacketHeader{LanguageCode: opened.Language, AgeBand: opened.AgeBand, Area: "NO-18"}}
	return s.offered(1, 1, emergency)
}

// imminent: the child is lost when its life is in danger, as was assessed in time.
func imminent() *story {
	s := begin().opened().asked(1, bullying).
		tell("line/"+bullying, &eventv1.RiskAssessed{Level: handoverv1.RiskLevel_RISK_LEVEL_R4})
	return s.routed(1, bullying, emergency).offered(1, 1, emergency).joined(1, 1, emergency, "ola").withoutChild("kim", "ola")
}

// slow: nobody is connected by sms; they write.
func slow() *story {
	s := begin().opened()
	_, _, door := where[*eventv1.ConversationOpened](s)
	door.Channel = handoverv1.Channel_CHANNEL_SMS
	s.lost(bullying, "child").asked(1, bullying).routed(1, bullying, emergency).offered(1, 1, emergency).joined(1, 1, emergency, "ola")
	_, _, draft := where[*eventv1.HandoverProposed](s)
	draft.Deadline = s.in(3600)
	s.bridged(1, bullying, "kim", "ola").wrote(1, bullying, "kim").wrote(1, emergency, "ola").wrote(1, bullying, "child")
	return s.confirmed(1, bullying, emergency, "ola", 1).concluded(1, bullying, emergency)
}

// extended: the time is used up and the sender goes on; later it waits for the
// receiver, who is lost, and the line is alerted.
func extended() *story {
	s := offeredOne().joined(1, 1, emergency, "ola")
	s.tell(platform, &eventv1.BudgetSpent{Handover: 1, DecisionDeadline: s.in(30)})
	s.tell("line/"+bullying, &eventv1.SenderDecided{Handover: 1, BudgetDeadline: s.in(180),
		Decision: handoverv1.SenderDecision_SENDER_DECISION_CONTINUE})
	s.moved(1, bullying, "kim", emergency, "ola", 1).lost(emergency, "ola").alerted(emergency, 2, 1)
	s.tell(platform, &eventv1.OverlapExtended{Handover: 1, Deadline: s.in(60)})
	return s.wait(5*time.Second).alerted(emergency, 2, 2).counsellorCame(emergency, "liv").concluded(1, bullying, emergency)
}

func (s *story) alerted(line string, epoch, alert uint32) *story {
	return s.tell(platform, &eventv1.CustodyAlerted{Line: line, Epoch: epoch, Alert: alert, Deadline: s.in(15)})
}

// unreachable: the first line's machine is silent, the second has closed, the
// third is alerted twice and does not answer.
func unreachable() *story {
	s := begin().opened().asked(1, bullying).routed(1, bullying, emergency, mind, "kirkens-sos")
	_, _, routed := where[*eventv1.HandoverRouted](s)
	routed.Decision.Candidates[1].OpenUntil = s.in(4)
	first := s.sends(1, 1, emergency, 45)
	third := s.tell(platform, first).sends(1, 3, "kirkens-sos", 45)
	third.AlertDeadline = s.in(15)
	s.tell(platform, &eventv1.OfferUnreachable{Handover: 1, Offer: 1}, &eventv1.OfferWithdrawn{Handover: 1, Offer: 2}, third)
	s.tell("line/kirkens-sos", &eventv1.OfferDelivered{Handover: 1, Offer: 3})
	s.wait(5*time.Second).tell(platform, &eventv1.OfferAlerted{Handover: 1, Offer: 3, Alert: 2, AlertDeadline: s.in(15)})
	s.wait(10*time.Second).tell(platform, &eventv1.OfferAlerted{Handover: 1, Offer: 3, Alert: 3})
	return s.ignored(1, 3).returned(1, handoverv1.ReturnReason_RETURN_REASON_PLAN_EXHAUSTED)
}

// back: a third change of hands, to a line that had the child before, with a supervisor's yes.
func back() *story {
	s := chain().asked(3, mind)
	s.tell("line/"+mind, &eventv1.HopApproved{Handover: 3, Supervisor: "per", Deadline: s.in(600)})
	return s.routed(3, mind, emergency).offered(3, 1, emergency).joined(3, 1, emergency, "ola").
		moved(3, mind, "siv", emergency, "ola", 3)
}

// legs: a new leg that nobody answers, and one on the phone that somebody does.
func legs() *story {
	s := begin().opened().issued(1, handoverv1.Channel_CHANNEL_PHONE)
	s.claimed(1).wait(25*time.Second).tell(platform, &eventv1.LegUnanswered{Ticket: 1})
	return s.issued(2, handoverv1.Channel_CHANNEL_PHONE).claimed(2).tell("line/"+bullying,
		&eventv1.LegMoved{Ticket: 2, Line: bullying, Channel: handoverv1.Channel_CHANNEL_PHONE, Participant: "kim"})
}

func (s *story) issued(n uint32, channel handoverv1.Channel) *story {
	return s.tell("line/"+bullying, s.ticket(n, handoverv1.TicketKind_TICKET_KIND_LEG, bullying, channel, s.in(600)))
}

func (s *story) ticket(n uint32, kind handoverv1.TicketKind, to string, channel handoverv1.Channel, until *timestamppb.Timestamp) *eventv1.TicketIssued {
	return &eventv1.TicketIssued{Ticket: n, Kind: kind, ToLine: to, Channel: channel, Epoch: 1, Deadline: until,
		LinkHash: commitment(), DigitsHash: commitment(), RequestId: make([]byte, 16)}
}

func (s *story) claimed(n uint32) *story {
	return s.tell("line/"+bullying, &eventv1.TicketClaimed{Ticket: n, Line: bullying, Deadline: s.in(30)})
}

// signposted: the child goes to another line by itself and shows its ticket there.
func signposted() *story {
	s := offeredOne().tell("line/"+bullying, &eventv1.OfferWithdrawn{Handover: 1, Offer: 1},
		&eventv1.HandoverSignposted{Handover: 1, Line: mind, Reason: handoverv1.SignpostReason_SIGNPOST_REASON_CHILD_PREFERS})
	ticket := s.ticket(1, handoverv1.TicketKind_TICKET_KIND_SIGNPOST, mind, handoverv1.Channel_CHANNEL_CHAT, s.in(86400))
	ticket.Handover = 1
	return s.tell("line/"+bullying, ticket).tell("line/"+mind, &eventv1.TicketClaimed{Ticket: 1, Line: mind, Handover: 1}).
		closed(bullying, 1)
}

// alone: both are lost, so nobody is alone; then the child comes back first.
func alone() *story {
	return begin().opened().lost(bullying, "kim").alerted(bullying, 1, 1).lost(bullying, "child").wait(time.Hour).
		childCame(bullying).alerted(bullying, 1, 1).wait(10*time.Second).alerted(bullying, 1, 2).
		tell(platform, &eventv1.SupervisorTold{Line: bullying, Reason: handoverv1.SupervisorReason_SUPERVISOR_REASON_UNATTENDED}).
		counsellorCame(bullying, "per").wait(time.Hour).closed(bullying, 1)
}
