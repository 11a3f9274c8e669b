package invariant_test

import (
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
		&eventv1.HandoverProposed{Handover: n, FromLine: from, Header: &handoverv1.PacketHeader{TopicGroups: []string{"V"}}, Deadline: s.in(600)},
	).tell("line/"+from,
		&eventv1.ConsentAsked{Handover: n, Scopes: scopes(), Deadline: s.in(300), RemindTime: s.in(150)},
	)
}

func scopes() []handoverv1.Scope {
	return []handoverv1.Scope{handoverv1.Scope_SCOPE_INTRO, handoverv1.Scope_SCOPE_ONE_LINE}
}

// routed: the packet is sealed, the child says yes and the lines are ranked.
func (s *story) routed(n uint32, from string, lines ...string) *story {
	return s.tell("line/"+from,
		&eventv1.PacketSealed{Handover: n, Part: handoverv1.Scope_SCOPE_ONE_LINE, Commitment: commitment(), SizeBucket: 256},
	).tell("line/"+bullying,
		&eventv1.ConsentGiven{Handover: n, Scopes: scopes(), Deadline: s.in(2), BudgetDeadline: s.in(180)},
	).ranked(n, lines...)
}

// ranked: the platform ranks the lines, of which one more is closed.
func (s *story) ranked(n uint32, lines ...string) *story {
	var candidates []*handoverv1.Candidate
	for _, line := range lines {
		candidates = append(candidates, &handoverv1.Candidate{Line: line, Score: 1})
	}
	closed := []handoverv1.Verdict{handoverv1.Verdict_VERDICT_CLOSED}
	candidates = append(candidates, &handoverv1.Candidate{Line: "kors-paa-halsen", Failed: closed})
	return s.tell(platform,
		&eventv1.HandoverRouted{Handover: n, Decision: &handoverv1.RoutingDecision{Candidates: candidates, RulesVersion: "2026-10"}},
	)
}

// sends is a line being asked, with that many seconds to answer.
func (s *story) sends(n, offer uint32, line string, seconds int) *eventv1.OfferSent {
	return &eventv1.OfferSent{Handover: n, Offer: offer, Line: line, Deadline: s.in(seconds), DeliveryDeadline: s.in(5)}
}

// offered: a line is asked, its machine has it and somebody has seen it.
func (s *story) offered(n, offer uint32, line string) *story {
	return s.tell(platform,
		s.sends(n, offer, line, 45),
	).tell("line/"+line,
		&eventv1.OfferDelivered{Handover: n, Offer: offer},
	).tell("line/"+line,
		&eventv1.OfferAlerting{Handover: n, Offer: offer},
	)
}

// ignored: nobody answers an offer.
func (s *story) ignored(n, offer uint32) *story {
	for _, a := range s.appends {
		for _, e := range a.Events {
			if k, ok := inside(e).(*eventv1.OfferSent); ok && k.Handover == n && k.Offer == offer {
				s.now = k.Deadline.AsTime()
			}
		}
	}
	return s.tell(platform, &eventv1.OfferTimedOut{Handover: n, Offer: offer})
}

func (s *story) accepted(n, offer uint32, line string) *story {
	return s.tell("line/"+line, &eventv1.OfferAccepted{Handover: n, Offer: offer, Line: line, Deadline: s.in(30)})
}

// joined: a line accepts, opens the packet and comes.
func (s *story) joined(n, offer uint32, line, counsellor string) *story {
	return s.accepted(n, offer, line).tell("line/"+line,
		&eventv1.PacketOpened{Handover: n, Line: line, Parts: []handoverv1.Scope{handoverv1.Scope_SCOPE_ONE_LINE}},
	).tell("line/"+line,
		&eventv1.ReceiverJoined{Handover: n, Participant: counsellor, Line: line, Deadline: s.in(120)},
	)
}

// moved: briefing, bridge, "I have it", the child agrees, custody moves.
func (s *story) moved(n uint32, from, sender, to, receiver string, epoch uint32) *story {
	return s.tell("line/"+from,
		&eventv1.BriefingStarted{Handover: n, Deadline: s.in(120)},
	).bridged(n, from, sender, receiver).wrote(n, to, receiver).confirmed(n, from, to, receiver, epoch)
}

// confirmed: "I have it", the child agrees, custody moves.
func (s *story) confirmed(n uint32, from, to, receiver string, epoch uint32) *story {
	return s.tell("line/"+to,
		&eventv1.ReceiverConfirmed{Handover: n, Participant: receiver, Deadline: s.in(90)},
	).tell("line/"+bullying,
		&eventv1.ChildAgreed{Handover: n},
	).tell(platform,
		&eventv1.CustodyTransferred{Handover: n, FromLine: from, ToLine: to, FromEpoch: epoch, ToEpoch: epoch + 1, Deadline: s.in(60)},
	)
}

func (s *story) bridged(n uint32, from, sender, receiver string) *story {
	return s.tell("line/"+from, &eventv1.BridgeOpened{Handover: n, SenderParticipant: sender, ReceiverParticipant: receiver,
		ChildParticipant: "child", Deadline: s.in(120)})
}

// wrote: somebody writes to everybody.
func (s *story) wrote(n uint32, line, who string) *story {
	return s.tell("line/"+line, &eventv1.MessageSent{Message: s.messages() + 1, Participant: who, Line: line,
		Audience: handoverv1.Audience_AUDIENCE_ALL, Commitment: commitment(), SizeBucket: 256, Handover: n})
}

func (s *story) messages() (sent uint32) {
	for _, a := range s.appends {
		for _, e := range a.Events {
			if _, ok := inside(e).(*eventv1.MessageSent); ok {
				sent++
			}
		}
	}
	return sent
}

// concluded: the sender leaves and the outcome comes back.
func (s *story) concluded(n uint32, from, to string) *story {
	return s.tell("line/"+from,
		&eventv1.SenderLeft{Handover: n, Line: from, Deadline: s.in(86400)},
	).tell("line/"+to,
		&eventv1.OutcomeReported{Handover: n, Outcome: handoverv1.Outcome_OUTCOME_ONGOING},
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
