package invariant_test

import (
	"time"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// The sound histories that tests begin with.

// warm is scenario 1: a whole handover from the first line to the second.
func warm() *story {
	return begin().opened().
		asked(1, bullying).routed(1, bullying, emergency, mind).
		offered(1, 1, emergency).joined(1, 1, emergency, "ola").
		moved(1, bullying, "kim", emergency, "ola", 1).concluded(1, bullying, emergency).
		closed(emergency, 2)
}

// race: two lines are asked at once, one accepts, the other offer is withdrawn.
func race() *story {
	s := begin().opened().asked(1, bullying).routed(1, bullying, emergency, mind)
	s.tell(platform,
		s.sends(1, 1, emergency, 15), s.sends(1, 2, mind, 15))
	return s.tell("line/"+emergency,
		&eventv1.OfferAccepted{Handover: 1, Offer: 1, Line: emergency, Deadline: s.in(30)},
		&eventv1.OfferWithdrawn{Handover: 1, Offer: 2})
}

// nobody: one line does not answer, the next declines, and the handover comes back.
func nobody() *story {
	return begin().opened().asked(1, bullying).routed(1, bullying, emergency, mind).
		offered(1, 1, emergency).ignored(1, 1).offered(1, 2, mind).
		tell("line/"+mind, &eventv1.OfferDeclined{Handover: 1, Offer: 2, Code: handoverv1.DeclineCode_DECLINE_CODE_AGE}).
		returned(1, handoverv1.ReturnReason_RETURN_REASON_PLAN_EXHAUSTED)
}

// withdrawn: the child takes its yes back while a line is being asked.
func withdrawn() *story {
	s := begin().opened().asked(1, bullying).routed(1, bullying, emergency).offered(1, 1, emergency).
		tell("line/"+bullying, &eventv1.ConsentWithdrawn{Handover: 1})
	return s.tell(platform,
		&eventv1.OfferWithdrawn{Handover: 1, Offer: 1},
		&eventv1.HandoverReturned{Handover: 1, Reason: handoverv1.ReturnReason_RETURN_REASON_CONSENT_WITHDRAWN},
	).closed(bullying, 1)
}

// refused: the child says no while two lines are asked.
func refused() *story {
	s := begin().opened().asked(1, bullying).routed(1, bullying, emergency, mind).
		offered(1, 1, emergency).offered(1, 2, mind).tell("line/"+bullying, &eventv1.ConsentRefused{Handover: 1}).
		tell("line/"+mind, &eventv1.OfferDeclined{Handover: 1, Offer: 2}).wait(-4*time.Second).
		tell(platform, &eventv1.OfferWithdrawn{Handover: 1, Offer: 1},
			&eventv1.HandoverReturned{Handover: 1, Reason: handoverv1.ReturnReason_RETURN_REASON_CONSENT_REFUSED})
	return s.tell("line/"+bullying, &eventv1.ConversationClosed{}, &eventv1.CustodyClosed{Line: bullying, Epoch: 1}).
		tell("line/"+bullying, &eventv1.ParticipantLeft{Participant: "kim", Line: bullying})
}

// attested is the warm story, but the sender states why the child is not asked.
func attested() *story {
	s := warm()
	i, _, _ := where[*eventv1.ChildAgreed](s)
	s.appends[i].Service = "routing"
	s.appends[i].Events = []*eventv1.Event{wrap(&eventv1.AgreementAttested{Handover: 1, Reason: handoverv1.AttestReason_ATTEST_REASON_CHILD_SILENT})}
	return s
}

// chain: there and on to a third line, as often as the hop limit allows.
func chain() *story {
	return begin().opened().
		asked(1, bullying).routed(1, bullying, emergency).offered(1, 1, emergency).joined(1, 1, emergency, "ola").
		moved(1, bullying, "kim", emergency, "ola", 1).concluded(1, bullying, emergency).
		asked(2, emergency).routed(2, emergency, mind).offered(2, 1, mind).joined(2, 1, mind, "siv").
		moved(2, emergency, "ola", mind, "siv", 2).concluded(2, emergency, mind)
}

// dropped: the receiver came and went, and the sender's counsellors crash and come back.
func dropped() *story {
	return begin().opened().asked(1, bullying).routed(1, bullying, emergency).
		offered(1, 1, emergency).joined(1, 1, emergency, "ola").
		tell("line/"+bullying, &eventv1.ParticipantDisconnected{Participant: "kim", Line: bullying}).
		tell("line/"+bullying, &eventv1.ParticipantJoined{Participant: "per", Line: bullying, Role: handoverv1.Role_ROLE_COUNSELLOR}).
		tell("line/"+emergency, &eventv1.ParticipantLeft{Participant: "ola", Line: emergency}).
		returned(1, handoverv1.ReturnReason_RETURN_REASON_RECEIVER_DROPPED).
		tell("line/"+bullying, &eventv1.ParticipantLeft{Participant: "child", Line: bullying}).
		tell("line/"+bullying, &eventv1.ParticipantLeft{Participant: "per", Line: bullying}).
		closed(bullying, 1)
}
