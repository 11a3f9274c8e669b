package invariant_test

import (
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/stafett/stafett/pkg/staffkey/stafftest"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

const (
	inConversation = "conversations/0123456789abcdef0123456789abcdef"
	asCounsellor   = handoverv1.StaffRole_STAFF_ROLE_COUNSELLOR
	asSupervisor   = handoverv1.StaffRole_STAFF_ROLE_SUPERVISOR
)

// kim talks with the child, eli is a colleague and vera a supervisor.
var (
	kim  = stafftest.New(bullying, "kim", asCounsellor)
	eli  = stafftest.New(bullying, "eli", asCounsellor)
	vera = stafftest.New(bullying, "vera", asCounsellor, asSupervisor)
)

// agreed is the proof that two persons signed what they were shown.
func agreed(at time.Time, first, second stafftest.Person, shown *handoverv1.Shown) *handoverv1.TwoPersons {
	shown.Conversation, shown.RequestHash = inConversation, make([]byte, 32)
	proof := &handoverv1.TwoPersons{}
	for _, p := range []stafftest.Person{first, second} {
		proof.Words = append(proof.Words, &handoverv1.SignedWord{Signature: p.Sign(shown, at, nil), Key: p.Key})
	}
	return proof
}

// twoKeys: two persons close a conversation in danger.
func twoKeys() *story {
	s := begin().tell("line/"+bullying, &eventv1.LinePublished{})
	s.appends[0].Subject, s.appends[0].Service = "stafett.line."+bullying, "routing"
	for _, p := range []stafftest.Person{kim, eli, vera} {
		s.appends[0].Events = append(s.appends[0].Events, wrap(&eventv1.StaffKeyRegistered{Key: p.Key, Id: p.ID}))
	}
	s.opened().tell("line/"+bullying, &eventv1.RiskAssessed{Level: handoverv1.RiskLevel_RISK_LEVEL_R4})
	_, _, opened := where[*eventv1.ConversationOpened](s)
	opened.Protocol = 2
	return s.tell("line/"+bullying, &eventv1.ConversationClosed{
		Reason: handoverv1.CloseReason_CLOSE_REASON_FINISHED, Persons: agreed(s.now, kim, eli, closing()),
	}, &eventv1.CustodyClosed{Line: bullying, Epoch: 1})
}

func closing() *handoverv1.Shown {
	return &handoverv1.Shown{Command: "CloseConversation", Epoch: 1, RiskLevel: handoverv1.RiskLevel_RISK_LEVEL_R4}
}

// signedBy changes who signed, and what.
func signedBy(first, second stafftest.Person, shown func(*handoverv1.Shown)) func(*story) {
	return func(s *story) {
		i, _, k := where[*eventv1.ConversationClosed](s)
		says := closing()
		shown(says)
		k.Persons = agreed(s.appends[i].RecordTime.AsTime(), first, second, says)
	}
}

func asShown(*handoverv1.Shown) {}

// brokenPersons spoils what two persons sign: I19.
var brokenPersons = []spoilt{
	{"closed without a signature", twoKeys, change(func(k *eventv1.ConversationClosed) { k.Persons = nil }), "I19"},
	{"closed by one", twoKeys, change(func(k *eventv1.ConversationClosed) { k.Persons.Words = k.Persons.Words[:1] }), "I19"},
	{"closed by one twice", twoKeys, signedBy(kim, kim, asShown), "I19"},
	{"closed by two names with one key", twoKeys, func(s *story) {
		_, _, k := where[*eventv1.ConversationClosed](s)
		k.Persons.Words[1] = proto.CloneOf(k.Persons.Words[0])
	}, "I19"},
	{"the second talked with the child", twoKeys, signedBy(eli, kim, asShown), "I19"},
	{"the child is one of them", twoKeys, signedBy(kim, stafftest.New(bullying, "child", asCounsellor), asShown), "I19"},
	{"an unregistered key", twoKeys, signedBy(kim, stafftest.New(bullying, "ann", asCounsellor), asShown), "I19"},
	{"a revoked key", twoKeys, func(s *story) {
		s.appends[0].Events = append(s.appends[0].Events, wrap(&eventv1.StaffKeyRevoked{Id: eli.ID, Reason: handoverv1.KeyRevocation_KEY_REVOCATION_LEFT}))
	}, "I19"},
	{"a signature that does not verify", twoKeys, change(func(k *eventv1.ConversationClosed) { k.Persons.Words[1].Signature.Signature[3] ^= 1 }), "I19"},
	{"another command", twoKeys, signedBy(kim, eli, func(s *handoverv1.Shown) { s.Command = "EndEmergency" }), "I19"},
	{"another epoch", twoKeys, signedBy(kim, eli, func(s *handoverv1.Shown) { s.Epoch = 2 }), "I19"},
	{"another risk", twoKeys, signedBy(kim, eli, func(s *handoverv1.Shown) { s.RiskLevel = handoverv1.RiskLevel_RISK_LEVEL_R1 }), "I19"},
	{"an earlier consent", twoKeys, signedBy(kim, eli, func(s *handoverv1.Shown) { s.ConsentPosition = 3 }), "I19"},
	{"another handover", twoKeys, signedBy(kim, eli, func(s *handoverv1.Shown) { s.Handover = 1 }), "I19"},
	{"signed long before", twoKeys, func(s *story) {
		i, _, k := where[*eventv1.ConversationClosed](s)
		k.Persons = agreed(s.appends[i].RecordTime.AsTime().Add(-6*time.Minute), kim, eli, closing())
	}, "I19"},
	{"closed because the child left, who is there", twoKeys, change(func(k *eventv1.ConversationClosed) {
		k.Reason = handoverv1.CloseReason_CLOSE_REASON_CHILD_LEFT
	}), "I19"},
}
