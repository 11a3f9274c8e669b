package invariant_test

import (
	"time"

	"google.golang.org/protobuf/proto"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// delayed lets everything from the first event of K's kind on happen that much later.
func delayed[K proto.Message](d time.Duration) func(*story) {
	return func(s *story) {
		i, _, _ := where[K](s)
		s.later(i, d)
	}
}

// brokenClock spoils when things happen: I18.
var brokenClock = []spoilt{
	{"times run backwards", warm, sooner[*eventv1.OutcomeReported](time.Hour), "I18"},
	{"consent two hours late", warm, delayed[*eventv1.ConsentGiven](2 * time.Hour), "I4 I5 I18"},
	{"joined an hour late", warm, delayed[*eventv1.ReceiverJoined](time.Hour), "I5 I18"},
	{"a bridge an hour late", warm, delayed[*eventv1.BridgeOpened](time.Hour), "I5 I18"},
	{"a confirmation an hour late", warm, delayed[*eventv1.ReceiverConfirmed](time.Hour), "I5 I18"},
	{"an agreement an hour late", warm, delayed[*eventv1.ChildAgreed](time.Hour), "I5 I18"},
	{"an overlap of an hour", warm, delayed[*eventv1.SenderLeft](time.Hour), "I18"},
	{"an outcome after 100 hours, and nobody missed it", warm, delayed[*eventv1.OutcomeReported](100 * time.Hour), "I18"},
	{"routed a minute late", warm, delayed[*eventv1.HandoverRouted](time.Minute), "I4 I5 I18"},
	{"timed out a minute late", nobody, delayed[*eventv1.OfferTimedOut](time.Minute), "I5 I18"},
	{"a decision that no supervisor hears of", spent, delayed[*eventv1.SupervisorTold](time.Hour), "I18"},
	{"accepted at the deadline", race, func(s *story) {
		_, _, sent := where[*eventv1.OfferSent](s)
		j, _, _ := where[*eventv1.OfferAccepted](s)
		s.later(j, sent.Deadline.AsTime().Sub(s.appends[j].RecordTime.AsTime()))
	}, "I4 I18"},
}

// by gives the first event of K's kind another caller.
func by[K proto.Message](caller string) func(*story) {
	return func(s *story) {
		i, _, _ := where[K](s)
		s.appends[i].Caller = "spiffe://stafett.test/" + caller
	}
}

// brokenVoices spoils who causes an event, and what it says: VOICE.
var brokenVoices = []spoilt{
	{"consent recorded by a stranger", warm, by[*eventv1.ConsentGiven]("line/" + mind), "VOICE"},
	{"consent recorded by the platform", warm, by[*eventv1.ConsentGiven](platform), "VOICE"},
	{"an accept under another line's name", warm, by[*eventv1.OfferAccepted]("line/" + bullying), "VOICE"},
	{"an attestation by the receiver", attested, by[*eventv1.AgreementAttested]("line/" + emergency), "VOICE"},
	{"missing, as the receiver says", warm, change(func(k *eventv1.OutcomeReported) { k.Outcome = handoverv1.Outcome_OUTCOME_MISSING }), "VOICE"},
	{"an outcome that the child did not allow", warm, change(func(k *eventv1.OutcomeReported) { k.Outcome = handoverv1.Outcome_OUTCOME_SUPPORTED }), "VOICE"},
	{"words before the bridge", warm, before[*eventv1.BriefingStarted]("line/"+bullying, words(1, bullying, "kim")), "ORDER VOICE"},
	{"words by a former line", chain, func(s *story) {
		s.wrote(1, emergency, "ola")
	}, "VOICE"},
	{"supervisors of a stranger are told", alone, change(func(k *eventv1.SupervisorTold) { k.Line = mind }), "VOICE"},
}

func words(number uint32, line, who string) *eventv1.MessageSent {
	return &eventv1.MessageSent{Message: number, Participant: who, Line: line, Audience: handoverv1.Audience_AUDIENCE_ALL,
		Commitment: commitment(), SizeBucket: 256, Handover: 1}
}
