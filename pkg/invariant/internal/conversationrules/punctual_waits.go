package conversationrules

import (
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/stafett/stafett/pkg/invariant/internal/facts"
	eventv1 "github.com/stafett/stafett/proto/stafett/event/v1"
	handoverv1 "github.com/stafett/stafett/proto/stafett/handover/v1"
)

// of is something awaited in a handover.
func of(handover uint32, w what) awaited { return awaited{facts.OfferKey{Handover: handover}, w} }

// deadlined is an event with a time until when the next step is awaited.
type deadlined interface{ GetDeadline() *timestamppb.Timestamp }

// budgeted is an event with the time at which the budget ends.
type budgeted interface{ GetBudgetDeadline() *timestamppb.Timestamp }

// undecided is an event with a time until when the sender must decide.
type undecided interface{ GetDecisionDeadline() *timestamppb.Timestamp }

// handover follows what is awaited in a handover.
func (p *punctual) handover(s facts.Step, n uint32) {
	h := p.Handover(n)
	if facts.Stays(s.Kind) {
		p.doneWith(n)
	}
	switch k := s.Kind.(type) {
	case *eventv1.HandoverProposed:
		p.proposed(s, k)
	case *eventv1.ConsentRefused, *eventv1.ConsentWithdrawn:
		if !h.Overridden && !h.Moved {
			p.doneWith(n) // I13 checks what follows
		}
	case *eventv1.ConsentAsked:
		p.await(s, of(n, reminder), k.GetRemindTime())
	case *eventv1.PacketSealed:
		if k.DraftDeadline != nil {
			p.await(s, of(n, step), k.GetDraftDeadline())
		}
		return
	case *eventv1.ConsentReminded:
		p.done(of(n, reminder))
	case *eventv1.ConsentGiven, *eventv1.ConsentOverridden:
		p.answered(n)
	case *eventv1.HandoverRouted, *eventv1.OfferGivenBack, *eventv1.DeferralDue:
		p.done(of(n, step))
	case *eventv1.BudgetSpent:
		p.done(of(n, budget))
	case *eventv1.ReceiverConfirmed:
		p.done(of(n, budget), of(n, decision))
	case *eventv1.AgreementAttested, *eventv1.BridgeOpened:
		p.back(n)
	case *eventv1.StayAsked:
		p.await(s, of(n, decision), k.GetDeadline())
		return
	case *eventv1.SenderLeft, *eventv1.SenderDecided:
		p.decided(n)
	case *eventv1.CustodyTransferred:
		p.doneWith(n)
		p.reversed(k)
	case *eventv1.OutcomeReported:
		p.doneWith(n)
	case *eventv1.SupervisorTold:
		p.told(s, k)
		return
	case *eventv1.HandoverPaused:
		p.paused[n] = true
		p.await(s, of(n, away), k.GetDeadline())
		return
	case *eventv1.HandoverResumed:
		p.back(n)
	case *eventv1.HandoverHastened:
		p.hastened(k)
		return
	case *eventv1.HandoverCancelled:
		p.unconfirmed[n] = p.Offers.Asked(n)
	case *eventv1.CancelConfirmed:
		if p.unconfirmed[n]--; p.unconfirmed[n] == 0 {
			p.done(of(n, step))
		}
	case *eventv1.HandoverDeferred:
		p.await(s, of(n, step), k.GetSlot().GetStartTime())
	}
	p.deadlines(s, n)
}

// deadlines follows the deadlines in the event. An absent one ends the wait that it would replace.
func (p *punctual) deadlines(s facts.Step, n uint32) {
	if k, ok := s.Kind.(deadlined); ok && !isSent(s.Kind) {
		p.await(s, of(n, step), k.GetDeadline())
	}
	if k, ok := s.Kind.(budgeted); ok && setsBudget(s.Kind) {
		p.await(s, of(n, budget), k.GetBudgetDeadline())
	}
	if k, ok := s.Kind.(undecided); ok {
		p.await(s, of(n, decision), k.GetDecisionDeadline())
	}
}

// setsBudget tells whether an event with a budget sets one, or ends it by having none. An offer that is withdrawn
// gives time back only if it lost its seat.
func setsBudget(kind proto.Message) bool {
	k, withdrawn := kind.(*eventv1.OfferWithdrawn)
	return !withdrawn || facts.IsPreempted(k)
}

// proposed: the next handover settles what was to be decided about the ones before it.
func (p *punctual) proposed(s facts.Step, k *eventv1.HandoverProposed) {
	for before := uint32(1); before < k.GetHandover(); before++ {
		if !p.Handover(before).StayAsked && p.awaits(of(before, decision)) {
			p.decided(before)
		}
	}
}

// decided ends what waits for the sender's decision, and the wait for a promised time that it was about.
func (p *punctual) decided(n uint32) {
	p.done(of(n, decision))
	if p.Handover(n).Promised {
		p.done(of(n, step))
	}
}

// reversed: what the receiver had to decide is settled, and what it promised is not.
func (p *punctual) reversed(k *eventv1.CustodyTransferred) {
	if k.GetReason() == 0 {
		return
	}
	p.waits = slices.DeleteFunc(p.waits, func(w wait) bool {
		return w.what == decision && w.Handover > k.GetHandover() && !p.Handover(w.Handover).Promised
	})
}

// answered: the child's yes also settles promised times of earlier handovers.
func (p *punctual) answered(n uint32) {
	p.done(of(n, reminder))
	p.back(n)
	for before := uint32(1); before < n; before++ {
		if p.Handover(before).StayAsked {
			continue
		}
		p.done(of(before, decision))
		if !p.Handover(before).Moved && p.unconfirmed[before] == 0 {
			p.done(of(before, step))
		}
	}
}

// back: the child is there, or the handover goes on without it.
func (p *punctual) back(n uint32) {
	delete(p.paused, n)
	p.done(of(n, away))
}

func (p *punctual) told(s facts.Step, k *eventv1.SupervisorTold) {
	n := k.GetHandover()
	switch k.GetReason() {
	case handoverv1.SupervisorReason_SUPERVISOR_REASON_NO_DECISION:
		p.done(of(n, decision))
	case handoverv1.SupervisorReason_SUPERVISOR_REASON_CANCEL_UNCONFIRMED:
		p.done(of(n, step))
	case handoverv1.SupervisorReason_SUPERVISOR_REASON_HOP:
		p.await(s, of(n, step), k.GetDeadline())
	}
}
