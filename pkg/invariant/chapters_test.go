package invariant_test

import (
	"time"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// The chapters of which the test histories are made. Each is what the log of a
// sound platform would hold.

const (
	bullying  = "snakkommobbing"
	emergency = "alarmtelefonen"
	mind      = "snakkompsyken"
	// platform is the caller where routing acts by itself.
	platform = "service/routing"
)

func commitment() []byte { return make([]byte, 32) }

// opened: a child comes through a line's door and a counsellor joins.
func (s *story) opened() *story {
	return s.tell("line/"+bullying,
		&eventv1.ConversationOpened{Line: bullying, Channel: handoverv1.Channel_CHANNEL_CHAT, Language: "nb", Area: "NO-03"},
		&eventv1.CustodyOpened{Line: bullying, Epoch: 1},
		&eventv1.ParticipantJoined{Participant: "child", Line: bullying, Role: handoverv1.Role_ROLE_CHILD},
	).tell("line/"+bullying,
		&eventv1.ParticipantJoined{Participant: "kim", Line: bullying, Role: handoverv1.Role_ROLE_COUNSELLOR},
	)
}

// asked: the sender proposes a handover and asks the child.
func (s *story) asked(n uint32, from string) *story {
	return s.tell("line/"+from,
		&eventv1.HandoverProposed{Handover: n, FromLine: from, Header: &handoverv1.PacketHeader{TopicGroups: []string{"V"}}},
	).tell("line/"+from,
		&eventv1.ConsentAsked{Handover: n, Scopes: scopes(), Deadline: s.in(300)},
	)
}

func scopes() []handoverv1.Scope {
	return []handoverv1.Scope{handoverv1.Scope_SCOPE_INTRO, handoverv1.Scope_SCOPE_ONE_LINE}
}

// routed: the child says yes, the packet is sealed and the lines are ranked.
func (s *story) routed(n uint32, from string, lines ...string) *story {
	var candidates []*handoverv1.Candidate
	for _, line := range lines {
		candidates = append(candidates, &handoverv1.Candidate{Line: line, Score: 1})
	}
	closed := []handoverv1.Verdict{handoverv1.Verdict_VERDICT_CLOSED}
	candidates = append(candidates, &handoverv1.Candidate{Line: "kors-paa-halsen", Failed: closed})
	return s.tell("line/"+from,
		&eventv1.ConsentGiven{Handover: n, Scopes: scopes(), Deadline: s.in(2), BudgetDeadline: s.in(180)},
	).tell("line/"+from,
		&eventv1.PacketSealed{Handover: n, Commitment: commitment(), SizeBucket: 256},
	).tell(platform,
		&eventv1.HandoverRouted{Handover: n, Decision: &handoverv1.RoutingDecision{Candidates: candidates, RulesVersion: "2026-10"}},
	)
}

// offered: a line is asked, its machine has it and somebody has seen it.
func (s *story) offered(n, offer uint32, line string) *story {
	return s.tell(platform,
		&eventv1.OfferSent{Handover: n, Offer: offer, Line: line, Deadline: s.in(45)},
	).tell("line/"+line,
		&eventv1.OfferDelivered{Handover: n, Offer: offer},
	).tell("line/"+line,
		&eventv1.OfferAlerting{Handover: n, Offer: offer},
	)
}

// ignored: nobody answers an offer.
func (s *story) ignored(n, offer uint32) *story {
	return s.wait(time.Minute).tell(platform, &eventv1.OfferTimedOut{Handover: n, Offer: offer})
}

// joined: a line accepts, opens the packet and comes.
func (s *story) joined(n, offer uint32, line, counsellor string) *story {
	return s.tell("line/"+line,
		&eventv1.OfferAccepted{Handover: n, Offer: offer, Line: line, Deadline: s.in(30)},
	).tell("line/"+line,
		&eventv1.PacketOpened{Handover: n, Line: line},
	).tell("line/"+line,
		&eventv1.ReceiverJoined{Handover: n, Participant: counsellor, Line: line},
	)
}

// moved: briefing, bridge, "I have it", the child agrees, custody moves.
func (s *story) moved(n uint32, from, sender, to, receiver string, epoch uint32) *story {
	return s.tell("line/"+from,
		&eventv1.BriefingStarted{Handover: n, Deadline: s.in(120)},
	).tell("line/"+from,
		&eventv1.BridgeOpened{Handover: n, SenderParticipant: sender, ReceiverParticipant: receiver,
			ChildParticipant: "child", Deadline: s.in(120)},
	).tell("line/"+to,
		&eventv1.MessageSent{Message: n, Participant: receiver, Line: to, Audience: handoverv1.Audience_AUDIENCE_ALL,
			Commitment: commitment(), SizeBucket: 256, Handover: n},
	).tell("line/"+to,
		&eventv1.ReceiverConfirmed{Handover: n, Participant: receiver, Deadline: s.in(90)},
	).tell("line/"+from,
		&eventv1.ChildAgreed{Handover: n},
	).tell(platform,
		&eventv1.CustodyTransferred{Handover: n, FromLine: from, ToLine: to, FromEpoch: epoch, ToEpoch: epoch + 1, Deadline: s.in(60)},
	)
}

// concluded: the sender leaves and the outcome comes back.
func (s *story) concluded(n uint32, from, to string) *story {
	return s.tell("line/"+from,
		&eventv1.SenderLeft{Handover: n, Line: from, Deadline: s.in(86400)},
	).tell("line/"+to,
		&eventv1.OutcomeReported{Handover: n, Outcome: handoverv1.Outcome_OUTCOME_SUPPORTED},
	)
}

// closed: the line with custody closes the conversation.
func (s *story) closed(line string, epoch uint32) *story {
	return s.tell("line/"+line,
		&eventv1.DutyRecorded{Line: line, Decision: handoverv1.DutyDecision_DUTY_DECISION_REPORTED},
	).tell("line/"+line,
		&eventv1.ConversationClosed{Reason: handoverv1.CloseReason_CLOSE_REASON_FINISHED},
		&eventv1.CustodyClosed{Line: line, Epoch: epoch},
	)
}

func (s *story) returned(n uint32, reason handoverv1.ReturnReason) *story {
	return s.tell(platform, &eventv1.HandoverReturned{Handover: n, Reason: reason})
}

// warm is scenario 1: a whole handover from the first line to the second.
func warm() *story {
	return begin().opened().
		asked(1, bullying).routed(1, bullying, emergency, mind).
		offered(1, 1, emergency).joined(1, 1, emergency, "ola").
		moved(1, bullying, "kim", emergency, "ola", 1).concluded(1, bullying, emergency).
		closed(emergency, 2)
}

// race: two lines are asked at once, one accepts, the other offer is withdrawn.
func race() *story {
	s := begin().opened().asked(1, bullying).routed(1, bullying, emergency, mind)
	s.tell(platform,
		&eventv1.OfferSent{Handover: 1, Offer: 1, Line: emergency, Deadline: s.in(15)},
		&eventv1.OfferSent{Handover: 1, Offer: 2, Line: mind, Deadline: s.in(15)})
	return s.tell("line/"+emergency,
		&eventv1.OfferAccepted{Handover: 1, Offer: 1, Line: emergency, Deadline: s.in(30)},
		&eventv1.OfferWithdrawn{Handover: 1, Offer: 2})
}

// nobody: one line does not answer, the next declines, and the handover comes back.
func nobody() *story {
	return begin().opened().asked(1, bullying).routed(1, bullying, emergency, mind).
		offered(1, 1, emergency).ignored(1, 1).offered(1, 2, mind).
		tell("line/"+mind, &eventv1.OfferDeclined{Handover: 1, Offer: 2, Code: handoverv1.DeclineCode_DECLINE_CODE_AGE}).
		returned(1, handoverv1.ReturnReason_RETURN_REASON_PLAN_EXHAUSTED)
}

// withdrawn: the child takes its yes back while a line is being asked.
func withdrawn() *story {
	s := begin().opened().asked(1, bullying).routed(1, bullying, emergency).offered(1, 1, emergency).
		tell("line/"+bullying, &eventv1.ConsentWithdrawn{Handover: 1})
	return s.tell(platform,
		&eventv1.OfferWithdrawn{Handover: 1, Offer: 1},
		&eventv1.HandoverReturned{Handover: 1, Reason: handoverv1.ReturnReason_RETURN_REASON_CONSENT_WITHDRAWN},
	).closed(bullying, 1)
}

// refused: the child says no while two lines are asked and somebody writes.
func refused() *story {
	s := begin().opened().asked(1, bullying).routed(1, bullying, emergency, mind).
		offered(1, 1, emergency).offered(1, 2, mind).tell("line/"+bullying, &eventv1.ConsentRefused{Handover: 1}).
		tell("line/"+bullying, &eventv1.MessageSent{Message: 1, Participant: "child", Line: bullying, Commitment: commitment(), Handover: 1}).
		tell("line/"+mind, &eventv1.OfferDeclined{Handover: 1, Offer: 2}).
		wait(time.Minute).tell(platform, &eventv1.OfferTimedOut{Handover: 1, Offer: 1},
		&eventv1.HandoverReturned{Handover: 1, Reason: handoverv1.ReturnReason_RETURN_REASON_CONSENT_REFUSED})
	return s.tell("line/"+bullying, &eventv1.ConversationClosed{}, &eventv1.CustodyClosed{Line: bullying, Epoch: 1}).
		tell("line/"+bullying, &eventv1.ParticipantLeft{Participant: "kim", Line: bullying})
}

// attested is the warm story, but the sender states why the child is not asked.
func attested() *story {
	s := warm()
	i, _, _ := where[*eventv1.ChildAgreed](s)
	s.appends[i].Service = "routing"
	s.appends[i].Events = []*eventv1.Event{wrap(&eventv1.AgreementAttested{Handover: 1})}
	return s
}

// chain: there and on to a third line, as often as the hop limit allows.
func chain() *story {
	return begin().opened().
		asked(1, bullying).routed(1, bullying, emergency).offered(1, 1, emergency).joined(1, 1, emergency, "ola").
		moved(1, bullying, "kim", emergency, "ola", 1).concluded(1, bullying, emergency).
		asked(2, emergency).routed(2, emergency, mind).offered(2, 1, mind).joined(2, 1, mind, "siv").
		moved(2, emergency, "ola", mind, "siv", 2).concluded(2, emergency, mind)
}

// dropped: the receiver came and went, and the sender's counsellors crash and come back.
func dropped() *story {
	return begin().opened().asked(1, bullying).routed(1, bullying, emergency).
		offered(1, 1, emergency).joined(1, 1, emergency, "ola").
		tell("line/"+bullying, &eventv1.ParticipantDisconnected{Participant: "kim", Line: bullying}).
		tell("line/"+bullying, &eventv1.ParticipantJoined{Participant: "per", Line: bullying, Role: handoverv1.Role_ROLE_COUNSELLOR}).
		tell("line/"+emergency, &eventv1.ParticipantLeft{Participant: "ola", Line: emergency}).
		returned(1, handoverv1.ReturnReason_RETURN_REASON_RECEIVER_DROPPED).
		tell("line/"+bullying, &eventv1.ParticipantLeft{Participant: "child", Line: bullying}).
		tell("line/"+bullying, &eventv1.ParticipantLeft{Participant: "per", Line: bullying}).
		closed(bullying, 1)
}
