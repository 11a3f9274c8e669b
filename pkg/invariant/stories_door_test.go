package invariant_test

import (
	"time"

	"google.golang.org/protobuf/proto"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// atClosed: a child comes to a closed door, and its line's duty contact is told.
func atClosed() *story {
	s := begin().tell("line/"+bullying, &eventv1.ConversationOpened{
		Line: bullying, Channel: handoverv1.Channel_CHANNEL_CHAT, Protocol: 3,
	}, &eventv1.CustodyOpened{Line: bullying, Epoch: 1}, &eventv1.ParticipantJoined{Participant: "child", Line: bullying, Role: handoverv1.Role_ROLE_CHILD})
	return s.tell(platform, &eventv1.DoorClosed{
		Line: bullying, Reason: handoverv1.PassReason_PASS_REASON_CLOSED, OpenLines: []string{emergency}, OpeningTime: s.in(1000),
	}, doorTold(0))
}

func doorTold(handover uint32) proto.Message {
	return &eventv1.SupervisorTold{Handover: handover, Line: bullying, Reason: handoverv1.SupervisorReason_SUPERVISOR_REASON_DOOR_CLOSED}
}

// proposedAtDoor: the child said yes to a line, which has accepted and comes.
func proposedAtDoor() *story {
	s := atClosed()
	s.tell("line/"+bullying, &eventv1.HandoverProposed{Handover: 1, FromLine: bullying, Header: &handoverv1.PacketHeader{}, Hop: 1,
		Candidates: []string{emergency}, Deadline: s.in(30), DoorClosed: true})
	s.tell("line/"+bullying, &eventv1.ConsentAsked{Handover: 1, Scopes: scopes(), Deadline: s.in(300), RemindTime: s.in(150)})
	return s.routed(1, bullying, emergency).offered(1, 1, emergency).joined(1, 1, emergency, "ola")
}

// atDoor: it is handed over from there.
func atDoor() *story {
	s := proposedAtDoor()
	s.metAtDoor()
	s.tell("line/"+emergency, &eventv1.ReceiverConfirmed{Handover: 1, Participant: "ola", Deadline: s.in(90)})
	s.tell("line/"+bullying, &eventv1.ChildAgreed{Handover: 1})
	return s.tell(platform, &eventv1.CustodyTransferred{Handover: 1, FromLine: bullying, ToLine: emergency, FromEpoch: 1, ToEpoch: 2, Deadline: s.in(60)})
}

func (s *story) metAtDoor() {
	s.tell(platform, &eventv1.BridgeOpened{Handover: 1, ReceiverParticipant: "ola", ChildParticipant: "child",
		Exception: handoverv1.BridgeException_BRIDGE_EXCEPTION_DOOR_CLOSED, Deadline: s.in(120)})
}

// leftAtDoor: nobody comes to it, the door opens, and the line is alerted as of any child who waits.
func leftAtDoor() *story {
	s := atClosed()
	s.tell("line/"+bullying, &eventv1.HandoverProposed{Handover: 1, FromLine: bullying, Header: &handoverv1.PacketHeader{}, Hop: 1,
		Candidates: []string{emergency}, Deadline: s.in(30), DoorClosed: true}).wait(25 * time.Second)
	s.tell(platform, &eventv1.HandoverReturned{Handover: 1, Reason: handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT}, doorTold(1))
	return s.wait(960*time.Second).tell(platform, &eventv1.DoorOpened{Line: bullying}, s.alert(1))
}

// brokenDoor spoils what happens at a closed door: I16, and I2 where custody moves.
var brokenDoor = []spoilt{
	{"nobody is told of a child at a closed door", atClosed, func(s *story) {
		s.appends[1].Events = s.appends[1].Events[:1]
	}, "I16"},
	{"nobody is told that nobody came to it", leftAtDoor, func(s *story) {
		i, _, _ := where[*eventv1.HandoverReturned](s)
		s.appends[i].Events = s.appends[i].Events[:1]
	}, "I16"},
	{"the bridge does not open although the receiver and the child are there", proposedAtDoor, func(s *story) {
		s.wait(20*time.Second).tell("line/"+bullying, &eventv1.RiskAssessed{Level: handoverv1.RiskLevel_RISK_LEVEL_R1})
	}, "I16"},
	{"a line's system proposes at an open door", atDoor, drop[*eventv1.DoorClosed], "I16"},
	{"a door opens that is not closed", atClosed, func(s *story) {
		s.tell(platform, &eventv1.DoorOpened{Line: bullying}).tell(platform, &eventv1.DoorOpened{Line: bullying})
	}, "I16"},
	{"a counsellor of the line is there when the bridge opens without one", proposedAtDoor, func(s *story) {
		s.tell("line/"+bullying, &eventv1.ParticipantJoined{Participant: "kim", Line: bullying, Role: handoverv1.Role_ROLE_COUNSELLOR})
		s.metAtDoor()
		s.tell("line/"+emergency, &eventv1.ReceiverConfirmed{Handover: 1, Participant: "ola", Deadline: s.in(90)})
		s.tell("line/"+bullying, &eventv1.ChildAgreed{Handover: 1})
		s.tell(platform, &eventv1.CustodyTransferred{Handover: 1, FromLine: bullying, ToLine: emergency, FromEpoch: 1, ToEpoch: 2, Deadline: s.in(60)})
	}, "I2"},
}
