package invariant_test

import (
	"time"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// brokenLost spoils what one line does while the other is gone: I16, and I2 where custody moves.
var brokenLost = []spoilt{
	{"a receiver who alone is with the child is sent out", unled, func(s *story) {
		s.tell(platform, &eventv1.HandoverReturned{Handover: 1, Reason: handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT, DecisionDeadline: s.in(30)})
	}, "I16"},
	{"a receiver who alone is with the child is told nothing", unled, drop[*eventv1.SenderLost], "I16"},
	{"the bridge opens without a sender who has just gone", unled, func(s *story) {
		s.ledOn()
	}, "I2"},
	{"custody goes back although the child has not asked", overlapping, goesBack(handoverv1.ReverseReason_REVERSE_REASON_CHILD_ASKED), "I2"},
	{"custody goes back although the receiver is there", overlapping, goesBack(handoverv1.ReverseReason_REVERSE_REASON_RECEIVER_LOST), "I2"},
}

// unled is a handover whose sender is gone before the bridge, and whose receiver is with the child.
func unled() *story {
	s := begin().opened().asked(1, bullying).routed(1, bullying, emergency, mind).
		offered(1, 1, emergency).joined(1, 1, emergency, "ola")
	s.tell("line/"+bullying, &eventv1.ParticipantDisconnected{Participant: "kim", Line: bullying})
	s.tell(platform, s.alert(1), &eventv1.SenderLost{Handover: 1, BridgeTime: s.in(25), Deadline: s.in(145)})
	return s.wait(10*time.Second).tell(platform, s.alert(2))
}

func (s *story) alert(n uint32) *eventv1.CustodyAlerted {
	return &eventv1.CustodyAlerted{Line: bullying, Epoch: 1, Alert: n, Deadline: s.in(15)}
}

// ledOn is the rest of a handover without its sender.
func (s *story) ledOn() {
	s.tell("line/"+emergency, &eventv1.BridgeOpened{Handover: 1, ReceiverParticipant: "ola", ChildParticipant: "child",
		Exception: handoverv1.BridgeException_BRIDGE_EXCEPTION_SENDER_LOST, Deadline: s.in(120)})
	s.tell("line/"+emergency, &eventv1.ReceiverConfirmed{Handover: 1, Participant: "ola", Deadline: s.in(90)})
	s.tell("line/"+bullying, &eventv1.ChildAgreed{Handover: 1})
	s.tell(platform, &eventv1.CustodyTransferred{Handover: 1, FromLine: bullying, ToLine: emergency, FromEpoch: 1, ToEpoch: 2, Deadline: s.in(60)})
}

// overlapping is the warm story while the sender is still there.
func overlapping() *story {
	s := warm()
	i, _, _ := where[*eventv1.SenderLeft](s)
	s.now, s.appends = s.appends[i].RecordTime.AsTime(), s.appends[:i]
	return s
}

func goesBack(reason handoverv1.ReverseReason) func(*story) {
	return func(s *story) {
		s.tell("line/"+bullying, &eventv1.CustodyTransferred{Handover: 1, FromLine: emergency, ToLine: bullying, FromEpoch: 2, ToEpoch: 3, Reason: reason})
	}
}
