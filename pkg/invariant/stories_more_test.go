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

// hastenedLater: the risk becomes imminent while a line has accepted and the sender is to decide.
func hastenedLater() *story {
	s := offeredOne().accepted(1, 1, emergency)
	s.tell(platform, &eventv1.BudgetSpent{Handover: 1, DecisionDeadline: s.in(30)})
	s.tell("line/"+bullying, &eventv1.RiskAssessed{Level: handoverv1.RiskLevel_RISK_LEVEL_R4})
	s.tell(platform, &eventv1.HandoverHastened{Handover: 1, JoinDeadline: s.in(10), DecisionDeadline: s.in(10)})
	s.tell("line/"+bullying, &eventv1.SenderDecided{Handover: 1, BudgetDeadline: s.in(60), Decision: handoverv1.SenderDecision_SENDER_DECISION_CONTINUE})
	return s.tell("line/"+emergency, &eventv1.ReceiverJoined{Handover: 1, Participant: "ola", Line: emergency, Deadline: s.in(120)})
}

// awayInBridge: the packet is sealed before the child is asked, which is lost in the bridge and comes back.
func awayInBridge() *story {
	s := begin().opened().tell("line/"+bullying, &eventv1.HandoverProposed{Handover: 1, FromLine: bullying, Hop: 1})
	s.tell("line/"+bullying, &eventv1.PacketSealed{Handover: 1, Part: handoverv1.Scope_SCOPE_ONE_LINE, Commitment: commitment(), SizeBucket: 256,
		DraftDeadline: s.in(600)})
	s.tell("line/"+bullying, &eventv1.ConsentAsked{Handover: 1, Scopes: scopes(), Deadline: s.in(300), RemindTime: s.in(150)})
	s.tell("line/"+bullying, &eventv1.ConsentGiven{Handover: 1, Scopes: scopes(), Deadline: s.in(2), BudgetDeadline: s.in(180)})
	s.ranked(1, emergency).offered(1, 1, emergency).joined(1, 1, emergency, "ola")
	s.tell("line/"+bullying, &eventv1.BridgeOpened{Handover: 1, SenderParticipant: "kim", ReceiverParticipant: "ola", ChildParticipant: "child",
		Deadline: s.in(120), BudgetDeadline: s.in(140)})
	s.paused(1).wait(5 * time.Minute).childCame(bullying)
	s.tell(platform, &eventv1.HandoverResumed{Handover: 1, Deadline: s.in(120), BudgetDeadline: s.in(120)})
	return s.wrote(1, emergency, "ola").confirmed(1, bullying, emergency, "ola", 1)
}
