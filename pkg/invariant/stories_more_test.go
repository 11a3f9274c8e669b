package invariant_test

import (
	"time"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
	sealv1 "github.com/stafett/stafett/proto/stafett/seal/v1"
)

// Sound histories with the events that the others lack.

// tagged: topics are set, another line is recommended, and then no longer.
func tagged() *story {
	return begin().opened().tell("line/"+bullying, &eventv1.ConversationTagged{Added: []string{"V.bullying"}, TaxonomyVersion: "2026-10"},
		&eventv1.HandoverRecommended{Recommendation: &handoverv1.Recommendation{}}).
		tell("line/"+bullying, &eventv1.ConversationTagged{Removed: []string{"V.bullying"}, TaxonomyVersion: "2026-10"},
			&eventv1.RecommendationWithdrawn{})
}

// late: the outcome comes after it was missed once. The receiver had been granted a key.
func late() *story {
	s := offeredOne().accepted(1, 1, emergency)
	s.tell("line/"+bullying, &eventv1.AccessGranted{Handover: 1, AcceptedOffer: 1, Kind: sealv1.Kind_KIND_PACKET_PART, Part: handoverv1.Scope_SCOPE_ONE_LINE,
		Epoch: 1, Giver: bullying, Receiver: emergency, GiverKey: commitment(), ReceiverKey: commitment(), ContentKey: make([]byte, 16),
		ConsentPosition: 15, Hash: commitment()})
	s.tell("line/"+emergency, &eventv1.ReceiverJoined{Handover: 1, Participant: "ola", Line: emergency, Deadline: s.in(120)})
	s.moved(1, bullying, "kim", emergency, "ola", 1)
	s.tell("line/"+bullying, &eventv1.SenderLeft{Handover: 1, Line: bullying, Deadline: s.in(86400)}).wait(24*time.Hour - 5*time.Second)
	s.tell(platform, &eventv1.OutcomeOverdue{Handover: 1, Escalation: 1, Deadline: s.in(86400)}).wait(time.Hour)
	return s.tell("line/"+emergency, &eventv1.OutcomeReported{Handover: 1, Outcome: handoverv1.Outcome_OUTCOME_ONGOING})
}

// hastened: the risk becomes imminent while a line is asked.
func hastened() *story {
	s := offeredOne().tell("line/"+bullying, &eventv1.RiskAssessed{Level: handoverv1.RiskLevel_RISK_LEVEL_R4})
	return s.tell(platform, &eventv1.HandoverHastened{Handover: 1, OfferDeadline: s.in(15), BudgetDeadline: s.in(60)}).accepted(1, 1, emergency)
}

// givenBack: the receiver has read the packet and gives the offer back; the next line takes it.
func givenBack() *story {
	s := offeredOne().joined(1, 1, emergency, "ola")
	s.tell("line/"+emergency, &eventv1.OfferGivenBack{Handover: 1, Offer: 1, Code: handoverv1.DeclineCode_DECLINE_CODE_CONFLICT_OF_INTEREST,
		BudgetDeadline: s.in(120)})
	return s.offered(1, 2, mind).joined(1, 2, mind, "siv").moved(1, bullying, "kim", mind, "siv", 1)
}

// stays: in the overlap the child asks to stay with the sender, who takes it back.
func stays() *story {
	s := offeredOne().joined(1, 1, emergency, "ola").moved(1, bullying, "kim", emergency, "ola", 1)
	s.tell("line/"+bullying, &eventv1.StayAsked{Handover: 1, Deadline: s.in(30)})
	return s.tell("line/"+bullying, &eventv1.CustodyTransferred{Handover: 1, FromLine: emergency, ToLine: bullying, FromEpoch: 2, ToEpoch: 3,
		Reason: handoverv1.ReverseReason_REVERSE_REASON_CHILD_ASKED})
}
