package invariant_test

import (
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// Sound histories in which a line asks another for advice.

const (
	seen       = handoverv1.OfferState_OFFER_STATE_ALERTING
	unanswered = handoverv1.OfferState_OFFER_STATE_TIMED_OUT
)

// consulted: the line with custody asks the emergency line.
func (s *story) consulted(n uint32) *story {
	return s.tell("line/"+bullying, &eventv1.ConsultationAsked{
		Consultation: n, Id: strings.Repeat("c", 31) + string(rune('0'+n)), FromLine: bullying, Participant: "kim", Line: emergency,
		Header: &handoverv1.PacketHeader{TopicGroups: []string{"V"}}, OfferDeadline: s.in(45), DeliveryDeadline: s.in(5), AlertDeadline: s.in(15), Deadline: s.in(600),
	})
}

// advises: it has seen the question, and a counsellor is ready to advise.
func (s *story) advises(n uint32) *story {
	s.tell("line/"+emergency, &eventv1.ConsultationAcknowledged{Consultation: n, State: seen}).wait(5 * time.Second)
	s.tell(platform, &eventv1.ConsultationAlerted{Consultation: n, Alert: 2, AlertDeadline: s.in(15)})
	return s.tell("line/"+emergency, &eventv1.ConsultationAccepted{Consultation: n, Participant: "ola"})
}

func (s *story) advised(n uint32) *story {
	s.tell("line/"+bullying, &eventv1.ConsultationBriefed{Consultation: n, Line: bullying, Remarks: []handoverv1.ConsultationRemark{1, 5}})
	return s.tell("line/"+emergency, &eventv1.ConsultationAnswered{Consultation: n, Answer: handoverv1.ConsultationAnswer_CONSULTATION_ANSWER_HANDOVER_ADVISED})
}

// advice: the line advises to hand over, and takes the child.
func advice() *story {
	s := begin().opened().consulted(1).advises(1).advised(1)
	s.tell("line/"+bullying, &eventv1.HandoverProposed{Handover: 1, FromLine: bullying, Candidates: []string{emergency}, AfterConsultation: 1, Deadline: s.in(600)})
	s.tell("line/"+bullying, &eventv1.ConsentAsked{Handover: 1, Scopes: scopes(), Deadline: s.in(300), RemindTime: s.in(150)})
	return s.routed(1, bullying, emergency).offered(1, 1, emergency).joined(1, 1, emergency, "ola").moved(1, bullying, "kim", emergency, "ola", 1)
}

// noAdvice: the line declines; the next time nobody answers; then its advice comes to nothing, and the last is withdrawn.
func noAdvice() *story {
	s := begin().opened().consulted(1)
	s.tell("line/"+emergency, &eventv1.ConsultationDeclined{Consultation: 1, Code: handoverv1.DeclineCode_DECLINE_CODE_NO_CAPACITY})
	s.consulted(2).tell("line/"+emergency, &eventv1.ConsultationAcknowledged{Consultation: 2, State: seen}).wait(5 * time.Second)
	s.tell(platform, &eventv1.ConsultationAlerted{Consultation: 2, Alert: 2, AlertDeadline: s.in(15)}).wait(10 * time.Second)
	s.tell(platform, &eventv1.ConsultationAlerted{Consultation: 2, Alert: 3}).wait(10 * time.Second)
	s.tell(platform, &eventv1.ConsultationExpired{Consultation: 2, State: unanswered})
	s.consulted(3).advises(3).wait(575*time.Second).tell(platform, &eventv1.ConsultationExpired{Consultation: 3, State: handoverv1.OfferState_OFFER_STATE_ACCEPTED})
	return s.consulted(4).tell("line/"+bullying, &eventv1.ConsultationWithdrawn{Consultation: 4})
}

// adviceTooLate: the conversation ends while a line is consulted.
func adviceTooLate() *story {
	s := begin().opened().consulted(1).tell("line/"+bullying, &eventv1.ParticipantLeft{Participant: "child", Line: bullying})
	s.wait(-4*time.Second).tell("line/"+bullying, &eventv1.ConversationClosed{Reason: 1}, &eventv1.CustodyClosed{Line: bullying, Epoch: 1})
	return s.wait(-4*time.Second).tell(platform, &eventv1.ConsultationWithdrawn{Consultation: 1})
}

// brokenAdvice spoils who is asked for advice, and when: CONSULTATION.
var brokenAdvice = []spoilt{
	{"custody is handed over during a consultation", noAdvice, func(s *story) {
		s.consulted(5).tell("line/"+bullying, &eventv1.HandoverProposed{Handover: 1, FromLine: bullying, Hop: 1, Deadline: s.in(600)})
	}, "CONSULTATION"},
	{"a line is consulted during a handover", warm, before[*eventv1.ConsentAsked]("line/"+bullying, &eventv1.ConsultationAsked{
		Consultation: 1, Id: strings.Repeat("c", 32), FromLine: bullying, Participant: "kim", Line: mind, OfferDeadline: begin().in(600), DeliveryDeadline: begin().in(600), Deadline: begin().in(600),
	}), "CONSULTATION"},
	{"two are consulted at once", adviceTooLate, func(s *story) {
		_, _, k := where[*eventv1.ConsultationAsked](s)
		again := proto.CloneOf(k)
		again.Consultation, again.Id = 2, strings.Repeat("d", 32)
		after[*eventv1.ConsultationAsked]("line/"+bullying, again)(s)
	}, "CONSULTATION"},
	{"the area is told", advice, change(func(k *eventv1.ConsultationAsked) { k.Header.Area = "NO-03" }), "CONSULTATION"},
	{"it may take an hour", advice, change(func(k *eventv1.ConsultationAsked) { k.Deadline = timestamppb.New(k.Deadline.AsTime().Add(time.Hour)) }), "CONSULTATION"},
	{"an answer that is none", advice, change(func(k *eventv1.ConsultationAnswered) { k.Answer = 0 }), "CONSULTATION"},
	{"it is never answered", advice, drop[*eventv1.ConsultationAnswered], "CONSULTATION"},
	{"it is answered by nobody who accepted", advice, drop[*eventv1.ConsultationAccepted], "CONSULTATION"},
	{"declined without a code", noAdvice, change(func(k *eventv1.ConsultationDeclined) { k.Code = 0 }), "CONSULTATION"},
	{"it is called unreachable though a person has seen it", noAdvice, change(func(k *eventv1.ConsultationExpired) { k.State = handoverv1.OfferState_OFFER_STATE_UNREACHABLE }), "CONSULTATION"},
	{"the handover goes to another line", advice, change(func(k *eventv1.HandoverProposed) { k.Candidates = []string{mind} }), "CONSULTATION"},
	{"withdrawn by the platform for nothing", noAdvice, func(s *story) {
		s.appends[len(s.appends)-1].Caller = "spiffe://stafett.test/" + platform
	}, "CONSULTATION"},
	{"it outlives the conversation", adviceTooLate, func(s *story) {
		s.appends = s.appends[:len(s.appends)-1]
		s.tell("line/"+bullying, &eventv1.DutyRecorded{Line: bullying, Decision: 1}).later(len(s.appends)-1, time.Minute)
	}, "CONSULTATION"},
}

// spoken: the child is on the phone, and a counsellor hears its yes.
func spoken() *story {
	s := begin()
	s.tell("line/"+bullying,
		&eventv1.ConversationOpened{Line: bullying, Channel: handoverv1.Channel_CHANNEL_PHONE, Language: "nb", Protocol: 4},
		&eventv1.CustodyOpened{Line: bullying, Epoch: 1},
		&eventv1.ParticipantJoined{Participant: "child", Line: bullying, Role: handoverv1.Role_ROLE_CHILD},
	).tell("line/"+bullying, &eventv1.ParticipantJoined{Participant: "kim", Line: bullying, Role: handoverv1.Role_ROLE_COUNSELLOR})
	s.asked(1, bullying).tell("line/"+bullying, &eventv1.ConsentGiven{Handover: 1, Scopes: scopes(), Deadline: s.in(2), BudgetDeadline: s.in(180),
		Origin: handoverv1.ConsentOrigin_CONSENT_ORIGIN_SPOKEN, HeardBy: "kim", HeardLine: bullying})
	return s.ranked(1, emergency).offered(1, 1, emergency).accepted(1, 1, emergency)
}

// brokenVoiceless spoils who heard a yes: VOICE.
var brokenVoiceless = []spoilt{
	{"nobody heard a yes over the phone", spoken, change(func(k *eventv1.ConsentGiven) { k.Origin, k.HeardBy, k.HeardLine = 0, "", "" }), "VOICE"},
	{"a yes was heard of a child who writes", warm, change(func(k *eventv1.ConsentGiven) { k.Origin, k.HeardBy, k.HeardLine = 1, "kim", bullying }), "VOICE"},
	{"the child heard its own yes", spoken, change(func(k *eventv1.ConsentGiven) { k.HeardBy = "child" }), "VOICE"},
}
