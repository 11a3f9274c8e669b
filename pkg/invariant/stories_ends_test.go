package invariant_test

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// A sound history for each end at which custody stays where it is.

// offeredOne is a first handover in which one line is being asked.
func offeredOne() *story {
	return begin().opened().asked(1, bullying).routed(1, bullying, emergency, mind).offered(1, 1, emergency)
}

func (s *story) counsellorCame(line, who string) *story {
	return s.tell("line/"+line, &eventv1.ParticipantJoined{Participant: who, Line: line, Role: handoverv1.Role_ROLE_COUNSELLOR})
}

func (s *story) lost(line, who string) *story {
	return s.tell("line/"+line, &eventv1.ParticipantDisconnected{Participant: who, Line: line})
}

func (s *story) childCame(line string) *story {
	return s.tell("line/"+line, &eventv1.ParticipantJoined{Participant: "child", Line: line, Role: handoverv1.Role_ROLE_CHILD})
}

// paused: the child's connection is lost and the handover waits.
func (s *story) paused(n uint32) *story {
	away := s.in(15 * 60)
	return s.lost(bullying, "child").tell(platform, &eventv1.HandoverPaused{Handover: n, Deadline: away})
}

// abandoned: the child is lost while a line is asked and does not come back.
func abandoned() *story {
	s := offeredOne()
	_, _, sent := where[*eventv1.OfferSent](s)
	sent.Deadline = s.in(3600) // the line takes its time
	return s.paused(1).wait(15*time.Minute-10*time.Second).tell(platform,
		&eventv1.OfferWithdrawn{Handover: 1, Offer: 1},
		&eventv1.HandoverAbandoned{Handover: 1, Stage: handoverv1.HandoverState_HANDOVER_STATE_OFFERED, CustodyLine: bullying},
	).closed(bullying, 1)
}

// resumed: the child is lost before and while it is asked, and comes back.
func resumed() *story {
	s := begin().opened().tell("line/"+bullying, &eventv1.HandoverProposed{Handover: 1, FromLine: bullying, Hop: 1})
	s.paused(1).childCame(bullying).tell(platform, &eventv1.HandoverResumed{Handover: 1})
	s.tell("line/"+bullying, &eventv1.ConsentAsked{Handover: 1, Scopes: scopes(), Deadline: s.in(300), RemindTime: s.in(150)})
	s.tell(platform, &eventv1.ConsentReminded{Handover: 1})
	s.paused(1).childCame(bullying).tell(platform, &eventv1.HandoverResumed{Handover: 1, Deadline: s.in(300)})
	return s.routed(1, bullying, emergency).offered(1, 1, emergency).joined(1, 1, emergency, "ola").
		moved(1, bullying, "kim", emergency, "ola", 1)
}

// deferred: the child chooses a later time; then the sender takes it up again.
func deferred() *story {
	s := offeredOne()
	s.tell("line/"+bullying, &eventv1.OfferWithdrawn{Handover: 1, Offer: 1}, &eventv1.HandoverDeferred{Handover: 1,
		Slot:   &handoverv1.Slot{Line: mind, StartTime: s.in(7200), EndTime: s.in(10800)},
		Reason: handoverv1.DeferReason_DEFER_REASON_CHILD_PREFERS})
	s.wait(2*time.Hour).tell(platform, &eventv1.DeferralDue{Handover: 1, DecisionDeadline: s.in(900)})
	s.tell("line/"+bullying, &eventv1.SenderDecided{Handover: 1, Decision: handoverv1.SenderDecision_SENDER_DECISION_STAY})
	s.tell("line/"+bullying, &eventv1.HandoverProposed{Handover: 2, FromLine: bullying, Parent: 1, Hop: 1})
	return s.tell("line/"+bullying, &eventv1.HandoverCancelled{Handover: 2})
}

// promiseLost: the line closes for the time that was promised, and the sender stays until all is said.
func promiseLost() *story {
	s := deferred()
	i, _, _ := where[*eventv1.DeferralDue](s)
	s.appends = s.appends[:i]
	s.now = s.appends[i-1].RecordTime.AsTime()
	s.wait(time.Hour).tell(platform, &eventv1.PromiseLost{Handover: 1, Reason: handoverv1.PassReason_PASS_REASON_CLOSED, DecisionDeadline: s.in(900)})
	s.tell("line/"+bullying, &eventv1.SenderDecided{Handover: 1, Decision: handoverv1.SenderDecision_SENDER_DECISION_STAY})
	return s.tell("line/"+bullying, &eventv1.ConversationClosed{Reason: 1}, &eventv1.CustodyClosed{Line: bullying, Epoch: 1})
}

// calledOff: what was put off is cancelled before its time.
func calledOff() *story {
	s := deferred()
	i, _, _ := where[*eventv1.DeferralDue](s)
	s.appends = s.appends[:i]
	s.wait(-time.Hour)
	return s.tell("line/"+bullying, &eventv1.HandoverCancelled{Handover: 1})
}

// cancelled: the sender calls it off while two lines are asked; one confirms, one does not.
func cancelled() *story {
	s := offeredOne().offered(1, 2, mind)
	return s.tell("line/"+bullying,
		&eventv1.HandoverCancelled{Handover: 1, Reason: handoverv1.CancelReason_CANCEL_REASON_MISTAKE, Deadline: s.in(30)},
		&eventv1.OfferWithdrawn{Handover: 1, Offer: 1}, &eventv1.OfferWithdrawn{Handover: 1, Offer: 2},
	).tell("line/"+mind, &eventv1.CancelConfirmed{Handover: 1, Line: mind}).wait(20*time.Second).
		tell(platform, &eventv1.SupervisorTold{Handover: 1, Line: emergency,
			Reason: handoverv1.SupervisorReason_SUPERVISOR_REASON_CANCEL_UNCONFIRMED}).
		tell("line/"+emergency, &eventv1.CancelConfirmed{Handover: 1, Line: emergency})
}

// called: an emergency service is brought in, and late in reaching the child.
func called() *story {
	s := offeredOne()
	s.tell("line/"+bullying, &eventv1.OfferWithdrawn{Handover: 1, Offer: 1}, &eventv1.EmergencyCalled{Handover: 1,
		Service: handoverv1.EmergencyService_EMERGENCY_SERVICE_POLICE, Participant: "kim", Deadline: s.in(300)})
	s.wait(5*time.Minute).tell(platform, &eventv1.EmergencyOverdue{Handover: 1, Deadline: s.in(300)},
		&eventv1.SupervisorTold{Handover: 1, Line: bullying,
			Reason: handoverv1.SupervisorReason_SUPERVISOR_REASON_EMERGENCY_UNCONFIRMED})
	return s.tell("line/"+bullying, &eventv1.EmergencyConfirmed{Handover: 1, Participant: "kim"}).closed(bullying, 1)
}

// helped: help is called beside a handover, reviewed, and taken over by the services.
func helped() *story {
	s := offeredOne()
	due := s.in(300).AsTime()
	s.tell("line/"+bullying, &eventv1.EmergencyCalled{Line: bullying, Participant: "kim",
		Service: handoverv1.EmergencyService_EMERGENCY_SERVICE_POLICE, Deadline: s.in(300)})
	s.ignored(1, 1).returned(1, handoverv1.ReturnReason_RETURN_REASON_PLAN_EXHAUSTED)
	s.wait(due.Sub(s.now)).tell(platform, &eventv1.EmergencyOverdue{Deadline: s.in(1800)}, &eventv1.SupervisorTold{Line: bullying,
		Reason: handoverv1.SupervisorReason_SUPERVISOR_REASON_EMERGENCY_UNCONFIRMED})
	return s.wait(time.Minute).tell("line/"+bullying, &eventv1.EmergencyEnded{Line: bullying, Participant: "kim", SecondPerson: "eli",
		Reason: handoverv1.EmergencyEnd_EMERGENCY_END_HANDED_TO_SERVICES}).closed(bullying, 1)
}

// calledAfterNo: the child says no, and an emergency service is called all the same.
func calledAfterNo() *story {
	s := begin().opened().asked(1, bullying).tell("line/"+bullying, &eventv1.ConsentRefused{Handover: 1})
	return s.tell("line/"+bullying, &eventv1.EmergencyCalled{Handover: 1, Participant: "kim", Deadline: s.in(300)}).wait(time.Minute).
		tell("line/"+bullying, &eventv1.EmergencyConfirmed{Handover: 1, Participant: "kim"})
}

// spent: nobody answers within the budget; the sender decides to stay.
func spent() *story {
	s := offeredOne().ignored(1, 1)
	s.tell(platform, &eventv1.HandoverReturned{Handover: 1, DecisionDeadline: s.in(30),
		Reason: handoverv1.ReturnReason_RETURN_REASON_BUDGET_SPENT})
	return s.tell(platform, &eventv1.SupervisorTold{Handover: 1, Line: bullying,
		Reason: handoverv1.SupervisorReason_SUPERVISOR_REASON_NO_DECISION}).
		tell("line/"+bullying, &eventv1.SenderDecided{Handover: 1, Decision: handoverv1.SenderDecision_SENDER_DECISION_STAY})
}

// preempted: a child in imminent danger takes the seat of the line that is being asked. The next line does not answer,
// and then the first has a seat again.
func preempted() *story {
	s := begin().opened().asked(1, bullying).routed(1, bullying, emergency, mind).offered(1, 1, emergency)
	_, _, given := where[*eventv1.ConsentGiven](s)
	lost := &eventv1.OfferWithdrawn{
		Handover: 1, Offer: 1, Reason: handoverv1.PassReason_PASS_REASON_PREEMPTED,
		BudgetDeadline: timestamppb.New(given.BudgetDeadline.AsTime().Add(15 * time.Second)),
	}
	return s.tell(platform, lost).offered(1, 2, mind).ignored(1, 2).offered(1, 3, emergency).joined(1, 3, emergency, "ola").
		moved(1, bullying, "kim", emergency, "ola", 1).concluded(1, bullying, emergency)
}
