package invariant_test

import (
	"time"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// brokenBridge spoils how custody moves without the child's yes, without the child
// or in slow writing, and who is left alone: I1, I2 and I3.
var brokenBridge = []spoilt{
	{"abandoned at another line", abandoned, change(func(k *eventv1.HandoverAbandoned) { k.CustodyLine = emergency }), "I1"},
	{"another line is alerted", alone, change(func(k *eventv1.CustodyAlerted) { k.Line = mind }), "I1"},
	{"another epoch is alerted", alone, change(func(k *eventv1.CustodyAlerted) { k.Epoch = 2 }), "I1"},

	{"overridden for nothing", overridden, change(func(k *eventv1.ConsentOverridden) { k.Code = 0 }), "I2"},
	{"overridden by nobody", overridden, change(func(k *eventv1.ConsentOverridden) { k.Participant = "" }), "I2 VOICE"},
	{"overridden by one", overridden, change(func(k *eventv1.ConsentOverridden) { k.SecondPerson = "" }), "I2 VOICE"},
	{"overridden by one who is two", overridden, change(func(k *eventv1.ConsentOverridden) { k.SecondPerson = "kim" }), "I2 VOICE"},
	{"overridden with the transcript", overridden, change(func(k *eventv1.ConsentOverridden) {
		k.Scopes = append(k.Scopes, handoverv1.Scope_SCOPE_TRANSCRIPT)
	}), "I2"},
	{"a bridge without the child and without danger", imminent, change(func(k *eventv1.RiskAssessed) {
		k.Level = handoverv1.RiskLevel_RISK_LEVEL_R3
	}), "I2"},
	{"danger that was assessed after the accept", imminent, swap[*eventv1.RiskAssessed, *eventv1.ReceiverJoined], "I2 VOICE"},
	{"a bridge without a child who is there", imminent, drop[*eventv1.ParticipantDisconnected], "I2"},
	{"a bridge without the child and without a word of it", imminent, change(func(k *eventv1.BridgeOpened) { k.Exception = 0 }), "I2"},
	{"a bridge with another child", warm, change(func(k *eventv1.BridgeOpened) { k.ChildParticipant = "kim" }), "I2 VOICE"},
	{"unreachable, in a bridge with the child", attested, change(func(k *eventv1.AgreementAttested) {
		k.Reason = handoverv1.AttestReason_ATTEST_REASON_CHILD_UNREACHABLE
	}), "I2"},
	{"an absent child agrees", warm, before[*eventv1.ChildAgreed]("line/"+bullying,
		&eventv1.ParticipantDisconnected{Participant: "child", Line: bullying}), "I2"},
	{"a slow draft without an end", slow, change(func(k *eventv1.HandoverProposed) { k.Deadline = nil }), "I5"},
	{"the sender has not written", slow, silent("kim"), "I2 ORDER"},
	{"the receiver has not written", slow, silent("ola"), "I2 ORDER"},
	{"the child has not written", slow, silent("child"), "I2"},
	{"the sender has written to the counsellors only", slow, change(func(k *eventv1.MessageSent) {
		k.Audience = handoverv1.Audience_AUDIENCE_COUNSELLORS
	}), "I2"},
	{"written before the bridge", slow, swap[*eventv1.BridgeOpened, *eventv1.MessageSent], "I2 VOICE"},

	{"the sender leaves while the receiver is away", warm, before[*eventv1.SenderLeft]("line/"+emergency,
		&eventv1.ParticipantDisconnected{Participant: "ola", Line: emergency}), "I3"},
	{"the sender's last goes while the receiver is away", extended, before[*eventv1.OverlapExtended]("line/"+bullying,
		&eventv1.ParticipantLeft{Participant: "kim", Line: bullying}), "I3"},
	{"nobody is alerted in time", alone, func(s *story) {
		i, _, _ := where[*eventv1.CustodyAlerted](s)
		s.later(i, 6*time.Second)
	}, "I3"},
	{"nobody is alerted when the child comes back", alone, func(s *story) {
		drop[*eventv1.CustodyAlerted](s)
		drop[*eventv1.CustodyAlerted](s)
		drop[*eventv1.CustodyAlerted](s)
		s.appends = s.appends[:len(s.appends)-3]
		s.lost(bullying, "child")
	}, "I3"},
	{"nobody is alerted again", alone, func(s *story) {
		i, _, _ := where[*eventv1.SupervisorTold](s)
		s.appends = append(s.appends[:i-1], s.appends[i+1:]...)
		s.later(i-1, time.Minute)
	}, "I3"},
	{"nobody is alerted until the history ends", alone, func(s *story) {
		i, _, _ := where[*eventv1.CustodyAlerted](s)
		s.appends = s.appends[:i]
		s.tell("line/"+bullying, &eventv1.RiskAssessed{}).wait(time.Second).tell("line/"+bullying, &eventv1.RiskAssessed{}).
			tell("line/"+bullying, &eventv1.RiskAssessed{})
	}, "I3"},
	{"alerted although somebody is there", alone, func(s *story) {
		after[*eventv1.SupervisorTold](platform, &eventv1.CustodyAlerted{Line: bullying, Epoch: 1, Alert: 3, Deadline: s.in(15)})(s)
		i, _, _ := where[*eventv1.SupervisorTold](s)
		s.appends[i+1], s.appends[i+2] = s.appends[i+2], s.appends[i+1]
	}, "I3 I18"},
}

// silent takes away what somebody wrote.
func silent(who string) func(*story) {
	return func(s *story) {
		for i, a := range s.appends {
			if a.Events[0].GetMessageSent().GetParticipant() == who {
				s.appends = append(s.appends[:i], s.appends[i+1:]...)
				return
			}
		}
	}
}
