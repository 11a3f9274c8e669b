package invariant_test

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// brokenOffers spoils who is asked, how it ends and by when: I4, I5, I11 and I14.
var brokenOffers = []spoilt{
	{"two accept", race, func(s *story) {
		drop[*eventv1.OfferWithdrawn](s)
		s.tell("line/"+mind, &eventv1.OfferAccepted{Handover: 1, Offer: 2, Line: mind, Deadline: s.in(30)})
	}, "I4"},
	{"the loser stays open", race, drop[*eventv1.OfferWithdrawn], "I4"},
	{"the loser stays open when custody moves", race, func(s *story) {
		drop[*eventv1.OfferWithdrawn](s)
		s.tell("line/"+emergency, &eventv1.ReceiverJoined{Handover: 1, Participant: "ola", Line: emergency}).
			moved(1, bullying, "kim", emergency, "ola", 1)
	}, "I4 I5 I18"},
	{"the loser stays open at a false outcome", race, func(s *story) {
		drop[*eventv1.OfferWithdrawn](s)
		s.tell("line/"+emergency, &eventv1.OutcomeReported{Handover: 1})
	}, "I4 I5 ORDER VOICE"},

	{"a seat is lost twice", preempted, func(s *story) {
		i, _, k := where[*eventv1.OfferTimedOut](s)
		s.appends[i].Events = []*eventv1.Event{wrap(&eventv1.OfferWithdrawn{
			Handover: 1, Offer: k.Offer, Reason: handoverv1.PassReason_PASS_REASON_PREEMPTED, BudgetDeadline: s.in(300),
		})}
	}, "SEAT"},
	{"a child in danger loses a seat", preempted, before[*eventv1.OfferWithdrawn]("line/"+bullying,
		&eventv1.RiskAssessed{Level: handoverv1.RiskLevel_RISK_LEVEL_R4}), "SEAT"},
	{"a lost seat costs time", preempted, change(func(k *eventv1.OfferWithdrawn) {
		k.BudgetDeadline = timestamppb.New(k.BudgetDeadline.AsTime().Add(-15 * time.Second))
	}), "SEAT"},

	{"an offer ends twice", nobody, after[*eventv1.OfferDeclined](platform, &eventv1.OfferWithdrawn{Handover: 1, Offer: 2}), "I5"},
	{"accepted after it timed out", nobody, func(s *story) {
		after[*eventv1.OfferTimedOut]("line/"+emergency,
			&eventv1.OfferAccepted{Handover: 1, Offer: 1, Line: emergency, Deadline: s.in(30)})(s)
	}, "I4 I5"},
	{"an offer is sent twice", race, change(func(k *eventv1.OfferSent) { k.Offer = 2 }), "I5 I14 VOICE"},
	{"an open offer is sent again", nobody, func(s *story) {
		_, _, k := where[*eventv1.OfferSent](s)
		after[*eventv1.OfferSent](platform, k)(s)
	}, "I5"},
	{"an offer is delivered that never was", nobody, before[*eventv1.OfferDeclined]("line/"+mind,
		&eventv1.OfferDelivered{Handover: 1, Offer: 9}), "I5 VOICE"},
	{"an offer ends that never was", nobody, change(func(k *eventv1.OfferDeclined) { k.Offer = 3 }), "I5 VOICE"},
	{"an offer outlives its handover", nobody, drop[*eventv1.OfferDeclined], "I5"},
	{"an offer outlives a cancelled handover", nobody, func(s *story) {
		drop[*eventv1.OfferDeclined](s)
		drop[*eventv1.HandoverReturned](s)
		s.tell("line/"+bullying, &eventv1.HandoverCancelled{Handover: 1, Deadline: s.in(30)})
	}, "I5"},
	{"an offer times out early", nobody, func(s *story) {
		i, _, k := where[*eventv1.OfferTimedOut](s)
		_, _, sent := where[*eventv1.OfferSent](s)
		k.Offer = sent.Offer
		s.appends[i].RecordTime = timestamppb.New(sent.Deadline.AsTime().Add(-time.Nanosecond))
	}, "I5"},
	{"an offer is accepted late", warm, func(s *story) {
		_, _, k := where[*eventv1.OfferSent](s)
		i, _, _ := where[*eventv1.OfferAccepted](s)
		k.Deadline = timestamppb.New(s.appends[i].RecordTime.AsTime().Add(-time.Second))
	}, "I4 I5"},
	{"no time to answer the question", warm, change(func(k *eventv1.ConsentAsked) { k.Deadline = nil }), "I5"},
	{"no budget", warm, change(func(k *eventv1.ConsentGiven) { k.BudgetDeadline = nil }), "I5"},
	{"no time to rank", warm, change(func(k *eventv1.ConsentGiven) { k.Deadline = nil }), "I5"},
	{"no time to answer the offer", nobody, change(func(k *eventv1.OfferSent) { k.Deadline = nil }), "I5"},
	{"no time to come", warm, change(func(k *eventv1.OfferAccepted) { k.Deadline = nil }), "I5"},
	{"no time to brief", warm, change(func(k *eventv1.BriefingStarted) { k.Deadline = nil }), "I5"},
	{"no time to confirm", warm, change(func(k *eventv1.BridgeOpened) { k.Deadline = nil }), "I5"},
	{"no time to agree", warm, change(func(k *eventv1.ReceiverConfirmed) { k.Deadline = nil }), "I5"},
	{"no end of the overlap", warm, change(func(k *eventv1.CustodyTransferred) { k.Deadline = nil }), "I5"},
	{"no time for the outcome", warm, change(func(k *eventv1.SenderLeft) { k.Deadline = nil }), "I5"},
	{"a deadline that is now", warm, func(s *story) {
		i, _, k := where[*eventv1.SenderLeft](s)
		k.Deadline = s.appends[i].RecordTime
	}, "I5"},
	{"a commit without a time", race, func(s *story) { s.appends[len(s.appends)-1].RecordTime = nil }, "I5 I18"},

	{"hop limit", chain, func(s *story) {
		s.asked(3, mind).routed(3, mind, "kirkens-sos").offered(3, 1, "kirkens-sos").joined(3, 1, "kirkens-sos", "eva").
			moved(3, mind, "siv", "kirkens-sos", "eva", 3)
	}, "I11"},

	{"hop limit in danger, and no emergency line", chain, func(s *story) {
		s.tell("line/"+mind, &eventv1.RiskAssessed{Level: handoverv1.RiskLevel_RISK_LEVEL_R4})
		s.asked(3, mind).routed(3, mind, "kirkens-sos").offered(3, 1, "kirkens-sos").joined(3, 1, "kirkens-sos", "eva").
			moved(3, mind, "siv", "kirkens-sos", "eva", 3)
	}, "I11"},
	{"asked again in danger within a minute", nobody, func(s *story) {
		s.tell("line/"+bullying, &eventv1.RiskAssessed{Level: handoverv1.RiskLevel_RISK_LEVEL_R4})
		again := func(n uint32) {
			s.asked(n, bullying).routed(n, bullying, mind)
			_, _, k := where[*eventv1.HandoverRouted](&story{appends: s.appends[len(s.appends)-1:]})
			k.Decision.Candidates[0].Emergency = true
			s.offered(n, 1, mind).tell("line/"+mind, &eventv1.OfferDeclined{Handover: n, Offer: 1}).
				returned(n, handoverv1.ReturnReason_RETURN_REASON_PLAN_EXHAUSTED)
		}
		again(2)
		again(3)
	}, "I11"},

	{"asked again after it did not come", nobody, func(s *story) {
		s.asked(2, bullying).routed(2, bullying, emergency).offered(2, 1, emergency).
			tell("line/"+emergency, &eventv1.OfferAccepted{Handover: 2, Offer: 1, Line: emergency, Deadline: s.in(30)}).
			returned(2, handoverv1.ReturnReason_RETURN_REASON_NO_JOIN).
			asked(3, bullying).routed(3, bullying, emergency).offered(3, 1, emergency)
	}, "I11"},
	{"asked again after declining", nobody, func(s *story) {
		s.asked(2, bullying).routed(2, bullying, mind).offered(2, 1, mind)
	}, "I11"},

	{"a closed line is asked", race, change(func(k *eventv1.OfferSent) { k.Line = "kors-paa-halsen" }), "I14 VOICE"},
	{"a line is asked that was not ranked", race, change(func(k *eventv1.OfferSent) { k.Line = "elsewhere" }), "I14 VOICE"},
	{"a line is asked that has closed since", race, before[*eventv1.OfferSent](platform, &eventv1.HandoverRouted{Handover: 1,
		Decision: &handoverv1.RoutingDecision{Candidates: []*handoverv1.Candidate{
			{Line: emergency, Failed: []handoverv1.Verdict{handoverv1.Verdict_VERDICT_CLOSED}}, {Line: mind}}}}), "I14 ORDER"},
}
