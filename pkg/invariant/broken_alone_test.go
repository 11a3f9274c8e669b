package invariant_test

import (
	"time"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// brokenAlone spoils what supervisors are told of children who are alone or have disappeared: I16.
var brokenAlone = []spoilt{
	{"supervisors are not told of a child in danger who disappeared", vanished, drop[*eventv1.SupervisorTold], "I16"},
	{"another line is told of a child who disappeared", vanished, change(func(k *eventv1.SupervisorTold) { k.Line = emergency }), "I16 VOICE"},
	{"nobody decides about a child who disappeared, and supervisors hear of it once", vanished, drop[*eventv1.DisappearanceDecided], "I16"},
	{"a stranger decides about a child who disappeared", vanished, change(func(k *eventv1.DisappearanceDecided) { k.Line = mind }), "I16 VOICE"},
	{"somebody decides about a child who is there", here, func(s *story) { s.tell("line/"+bullying, s.searches()) }, "I16"},
	{"supervisors are told that a child who is there has disappeared", here, func(s *story) { s.tell(platform, s.disappeared(), s.searches()) }, "I16 VOICE"},
	{"alerts go to the line alone", left(15), drop[*eventv1.SupervisorTold], "I3 I16"},
	{"alerts are so rare that supervisors hear of a child alone after three minutes", left(60), func(*story) {}, "I16"},
	{"the handover of a child in danger is abandoned, and no supervisor hears of it", vanished, func(s *story) {
		s.wait(15*time.Minute).tell(platform, &eventv1.HandoverAbandoned{Handover: 1, Stage: handoverv1.HandoverState_HANDOVER_STATE_CONSENT_ASKED, CustodyLine: bullying})
	}, "I16 I18"},
}

// latest has the story opened under today's protocol.
func (s *story) latest() *story {
	_, _, opened := where[*eventv1.ConversationOpened](s)
	opened.Protocol = 3
	return s
}

// here is a child who stays.
func here() *story { return begin().opened().latest() }

// left is a child whose only counsellor is gone, and whose line is alerted in these intervals.
func left(seconds int) func() *story {
	return func() *story {
		s := here().tell("line/"+bullying, &eventv1.ParticipantDisconnected{Participant: "kim", Line: bullying}).wait(-5 * time.Second)
		again := time.Duration(seconds-5) * time.Second
		for n := range uint32(3) {
			s.tell(platform, &eventv1.CustodyAlerted{Line: bullying, Epoch: 1, Alert: n + 1, Deadline: s.in(seconds)}).wait(again)
		}
		told := &eventv1.SupervisorTold{Line: bullying, Reason: handoverv1.SupervisorReason_SUPERVISOR_REASON_UNATTENDED}
		s.tell(platform, told, &eventv1.CustodyAlerted{Line: bullying, Epoch: 1, Alert: 4, Deadline: s.in(300)})
		return s.wait(2*time.Minute).counsellorCame(bullying, "kim")
	}
}

// vanished is a child in danger who disappears while it is asked, about whom its line decides.
func vanished() *story {
	s := here().asked(1, bullying).tell("line/"+bullying, &eventv1.RiskAssessed{Level: handoverv1.RiskLevel_RISK_LEVEL_R3})
	s.tell("line/"+bullying, &eventv1.ParticipantDisconnected{Participant: "child", Line: bullying})
	s.tell(platform, &eventv1.HandoverPaused{Handover: 1, Deadline: s.in(900)}, s.disappeared())
	s.tell("line/"+bullying, s.searches()).wait(10 * time.Minute)
	return s.tell("line/"+bullying, &eventv1.DutyRecorded{Line: bullying, Decision: handoverv1.DutyDecision_DUTY_DECISION_WILL_REPORT})
}

func (s *story) disappeared() *eventv1.SupervisorTold {
	return &eventv1.SupervisorTold{Line: bullying, Reason: handoverv1.SupervisorReason_SUPERVISOR_REASON_CHILD_DISAPPEARED, Deadline: s.in(300)}
}

func (s *story) searches() *eventv1.DisappearanceDecided {
	return &eventv1.DisappearanceDecided{Line: bullying, Participant: "kim", Decision: handoverv1.DisappearanceDecision_DISAPPEARANCE_DECISION_SEARCH}
}
