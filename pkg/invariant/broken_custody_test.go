package invariant_test

import (
	"google.golang.org/protobuf/proto"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// brokenCustody spoils who has custody and how it moves: I1, I2 and I3.
var brokenCustody = []spoilt{
	{"custody opens later", warm, split[*eventv1.CustodyOpened], "I1"},
	{"custody never opens", nobody, drop[*eventv1.CustodyOpened], "I1 VOICE"},
	{"custody opens elsewhere", nobody, change(func(k *eventv1.CustodyOpened) { k.Line = mind }), "I1 VOICE"},
	{"custody opens with epoch 2", nobody, change(func(k *eventv1.CustodyOpened) { k.Epoch = 2 }), "I1"},
	{"custody opens twice", nobody, before[*eventv1.HandoverProposed]("line/"+bullying, &eventv1.CustodyOpened{Line: bullying, Epoch: 1}), "I1"},
	{"epoch skipped", warm, change(func(k *eventv1.CustodyTransferred) { k.FromEpoch, k.ToEpoch = 2, 3 }), "I1"},
	{"custody moves from a stranger", warm, change(func(k *eventv1.CustodyTransferred) { k.FromLine = mind }), "I1 I3"},
	{"custody moves to where it is", unclosed, change(func(k *eventv1.CustodyTransferred) { k.ToLine = bullying }), "I1 I2"},
	{"custody moves again after the close", warm, after[*eventv1.ConversationClosed](platform, again()), "I1 ORDER"},
	{"custody closes alone", nobody, func(s *story) {
		s.tell("line/"+bullying, &eventv1.CustodyClosed{Line: bullying, Epoch: 1})
	}, "I1"},
	{"custody closes later", warm, split[*eventv1.CustodyClosed], "I1 VOICE"},
	{"custody never closes", warm, drop[*eventv1.CustodyClosed], "I1"},
	{"custody closes at the former line", warm, change(func(k *eventv1.CustodyClosed) { k.Line, k.Epoch = bullying, 1 }), "I1"},
	{"custody moves after the close", warm, swap[*eventv1.CustodyTransferred, *eventv1.ConversationClosed], "I1 I3 ORDER VOICE"},
	{"the close comes twice", warm, after[*eventv1.ConversationClosed]("line/"+emergency,
		&eventv1.ConversationClosed{}, &eventv1.CustodyClosed{Line: emergency, Epoch: 2}), "I1 VOICE"},

	{"no consent", warm, drop[*eventv1.ConsentGiven], "I2 I6 ORDER"},
	{"no accepted offer", warm, drop[*eventv1.OfferAccepted], "I2 I5 I6 I18 VOICE"},
	{"another line accepted", warm, change(func(k *eventv1.OfferAccepted) { k.Line = mind }), "I2 I6 VOICE"},
	{"custody moves to another line", warm, change(func(k *eventv1.CustodyTransferred) { k.ToLine = mind }), "I1 I2 I3 VOICE"},
	{"no bridge", warm, drop[*eventv1.BridgeOpened], "I2 VOICE"},
	{"bridge without the receiver", warm, drop[*eventv1.ReceiverJoined], "I2 I3"},
	{"bridge without the sender", warm, before[*eventv1.BridgeOpened]("line/"+bullying,
		&eventv1.ParticipantJoined{Participant: "per", Line: bullying, Role: handoverv1.Role_ROLE_COUNSELLOR},
		&eventv1.ParticipantDisconnected{Participant: "kim", Line: bullying}), "I2"},
	{"bridge without the child", warm, before[*eventv1.BridgeOpened]("line/"+bullying,
		&eventv1.ParticipantDisconnected{Participant: "child", Line: bullying}), "I2"},
	{"bridge with the receiver of a returned handover", unjoined(returning), borrowedReceiver, "I2"},
	{"bridge with the receiver of a cancelled handover", unjoined(cancelling), borrowedReceiver, "I2 I18 VOICE"},
	{"no confirmation", warm, drop[*eventv1.ReceiverConfirmed], "I2"},
	{"a stranger confirms", warm, change(func(k *eventv1.ReceiverConfirmed) { k.Participant = "kim" }), "I2"},
	{"confirmed before the bridge", warm, swap[*eventv1.ReceiverConfirmed, *eventv1.BriefingStarted], "I2"},
	{"no agreement", warm, drop[*eventv1.ChildAgreed], "I2"},
	{"agreement before the confirmation", warm, swap[*eventv1.ChildAgreed, *eventv1.MessageSent], "I2"},
	{"the steps are another handover's", chain, borrowedBridge, "I2 ORDER VOICE"},
	{"consent taken back before custody moves", warm, before[*eventv1.CustodyTransferred]("line/"+bullying,
		&eventv1.ConsentWithdrawn{Handover: 1}), "I2 I13"},
	{"consent refused before custody moves", warm, before[*eventv1.CustodyTransferred]("line/"+bullying,
		&eventv1.ConsentRefused{Handover: 1}), "I2 I13"},

	{"the last counsellor leaves", warm, before[*eventv1.HandoverProposed]("line/"+bullying,
		&eventv1.ParticipantLeft{Participant: "kim", Line: bullying}), "I2 I3 I16"},
	{"the receiver leaves after taking over", warm, before[*eventv1.OutcomeReported]("line/"+emergency,
		&eventv1.ParticipantLeft{Participant: "ola", Line: emergency}), "I3"},
	{"a crashed counsellor then leaves", dropped, before[*eventv1.ParticipantLeft]("line/"+bullying,
		&eventv1.ParticipantDisconnected{Participant: "per", Line: bullying},
		&eventv1.ParticipantLeft{Participant: "per", Line: bullying}), "I3 ORDER"},
	{"a second counsellor may leave and the last may not", warm, before[*eventv1.HandoverProposed]("line/"+bullying,
		&eventv1.ParticipantJoined{Participant: "per", Line: bullying, Role: handoverv1.Role_ROLE_COUNSELLOR},
		&eventv1.ParticipantLeft{Participant: "kim", Line: bullying},
		&eventv1.ParticipantLeft{Participant: "per", Line: bullying}), "I2 I3 I16"},
	{"the sender leaves before custody moves", warm, swap[*eventv1.SenderLeft, *eventv1.CustodyTransferred], "I3"},
	{"the receiver leaves as the sender", warm, change(func(k *eventv1.SenderLeft) { k.Line = emergency }), "I3"},
}

// borrowedBridge leaves the second handover without a bridge of its own and
// gives the first one a second.
func borrowedBridge(s *story) {
	for _, a := range s.appends {
		if k := a.Events[0].GetBridgeOpened(); k != nil && k.Handover == 2 {
			k.Handover = 1
		}
	}
}

// unclosed is the warm story as long as the conversation lasts.
func unclosed() *story {
	s := warm()
	s.appends = s.appends[:len(s.appends)-1]
	return s
}

// again is the warm story's change of hands once more, with time enough.
func again() *eventv1.CustodyTransferred {
	return &eventv1.CustodyTransferred{Handover: 1, FromLine: bullying, ToLine: emergency, FromEpoch: 1, ToEpoch: 2,
		Deadline: begin().in(3600)}
}

// unjoined is a handover that ended when the receiver had come.
func unjoined(end func(*story) proto.Message) func() *story {
	return func() *story {
		s := begin().opened().asked(1, bullying).routed(1, bullying, emergency, mind).
			offered(1, 1, emergency).joined(1, 1, emergency, "ola")
		return s.tell(platform, end(s))
	}
}

func returning(*story) proto.Message { return &eventv1.HandoverReturned{Handover: 1} }

func cancelling(s *story) proto.Message {
	return &eventv1.HandoverCancelled{Handover: 1, Deadline: s.in(30)}
}

// borrowedReceiver hands over to another line, with the receiver's counsellor of last time.
func borrowedReceiver(s *story) {
	s.asked(2, bullying).routed(2, bullying, mind).offered(2, 1, mind).joined(2, 1, mind, "siv").
		moved(2, bullying, "kim", mind, "ola", 1)
}
